import { valueHash } from '@trace2/instrumentation/semconv'
import type { SpanRecord } from '../otlp/model.ts'
import { type Dialect, dialects, fields } from './dialects.ts'
import { foreignParameters } from './foreign-parameters.ts'
import { foreignInputs } from './inputs.ts'
import { firstText, firstValue, hasKey } from './keys.ts'
import { answerOf, fieldOf, type Message, messagesOf, parsed, partsText } from './messages.ts'
import { openTraceRows } from './opentrace.ts'
import type { CanonicalSpan, Captured, SpanRows } from './rows.ts'

/** What the span's own convention says of it. */
export type ForeignRows = Omit<SpanRows, 'feedback' | 'span'> & { readonly span: ForeignFields }

type ForeignFields = Pick<
  CanonicalSpan,
  'dialect' | 'op' | 'opKind' | 'input' | 'output' | 'outputHash'
>

const plainDialect: Dialect = {
  name: 'otel',
  marks: [],
  opKind: [],
  opKinds: {},
  opName: {},
  input: ['input.value', 'input'],
  output: ['output.value', 'output'],
}

/** The dialect of a span: the first in the table that has a mark on it. */
export function dialectOf(span: SpanRecord): Dialect {
  return dialects.find(({ marks }) => marks.some((mark) => hasKey(span, mark))) ?? plainDialect
}

export function opKindOf(span: SpanRecord, dialect: Dialect): string | null {
  const said = firstText(span, dialect.opKind)
  if (said === null) return dialect.otherKind ?? null
  // MLflow writes texts as JSON.
  const name = String(parsed(said))
  return dialect.opKinds[name] ?? name.toLowerCase()
}

export function foreignRows(span: SpanRecord): ForeignRows {
  const dialect = dialectOf(span)
  const opKind = opKindOf(span, dialect)
  const rawInput = firstValue(span, dialect.input)
  const rawOutput = firstValue(span, dialect.output)
  const messages = opKind === 'llm' ? conversation(span, rawInput) : undefined
  const input = messages ?? inputValue(opKind, rawInput)
  const output = outputValue(opKind, rawOutput)
  const found =
    opKind === 'llm' || firstText(span, fields.template) !== null
      ? foreignParameters(span, messages)
      : { parameters: [], uses: [] }
  const own = dialect.name === 'opentrace' ? openTraceRows(span) : undefined
  return {
    parameters: [...found.parameters, ...(own?.parameters ?? [])],
    uses: [...found.uses, ...(own?.uses ?? [])],
    inputs: [...foreignInputs(span, own ? undefined : input, found.uses), ...(own?.inputs ?? [])],
    span: {
      dialect: dialect.name,
      op: nameOf(span, dialect, opKind),
      opKind,
      input: captured(input),
      output: captured(output),
      outputHash: output === undefined ? null : valueHash(output),
    },
  }
}

/** One name for one operator across conventions: a model call by its model, a tool and an agent by their names. */
function nameOf(span: SpanRecord, dialect: Dialect, opKind: string | null): string {
  const named = firstText(span, dialect.opName[opKind ?? ''] ?? [])
  if (named !== null) return String(parsed(named))
  const model = opKind === 'llm' ? firstText(span, fields.requestModel) : null
  return model === null ? span.name : `chat ${model}`
}

/** Messages of a model call, its system instructions as the first of them. */
function conversation(span: SpanRecord, input: unknown): Message[] | undefined {
  const messages = messagesOf(parsed(input))
  const system = partsText(firstValue(span, fields.system))
  if (system === '') return messages
  return [{ role: 'system', content: system }, ...(messages ?? [])]
}

function inputValue(opKind: string | null, raw: unknown): unknown {
  const value = parsed(raw)
  if (opKind !== 'agent') return value
  // What an agent was asked: the words, however they were wrapped.
  const prompt = fieldOf(value, 'prompt')
  if (typeof prompt === 'string') return prompt
  const asked = messagesOf(value)?.filter(({ role }) => role === 'user')
  return asked && asked.length === 1 ? asked[0]?.content : value
}

function outputValue(opKind: string | null, raw: unknown): unknown {
  const value = opKind === 'llm' || opKind === 'agent' ? raw : parsed(raw)
  if (opKind !== 'llm' && opKind !== 'agent') return value
  const calls = toolCallList(value)
  const messages = calls ?? messagesOf(parsed(value))
  return messages ? answerOf(messages) : value
}

/** The AI SDK keeps tool calls apart from the text: a bare list of them. */
function toolCallList(value: unknown): Message[] | undefined {
  const list = parsed(value)
  if (!Array.isArray(list) || fieldOf(list[0], 'toolCallId') === undefined) return undefined
  const parts = list.map((call) => ({ ...Object(call), type: 'tool-call' }))
  return messagesOf([{ role: 'assistant', content: parts }])
}

function captured(value: unknown): Captured | null {
  if (value === undefined) return null
  if (typeof value === 'string') return { text: value.toWellFormed(), plain: true }
  return { text: JSON.stringify(value), plain: false }
}
