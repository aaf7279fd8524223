import { valueHash } from '@trace2/core'
import type { Attributes, SpanRecord } from '../otlp/index.ts'
import { hasId, operatorName, stableName } from '../prompt-names/index.ts'
import { answeredByStep, askedOfStep } from './conversation.ts'
import type { Dialect } from './dialects/index.ts'
import { withEvents } from './events.ts'
import { feedbackOf } from './feedback.ts'
import {
  capturedValue,
  dialectOf,
  keysAmong,
  keysOf,
  kindOf,
  operatorKeys,
  textAmong,
  valueAt,
} from './fields.ts'
import { foreignInputs } from './inputs.ts'
import { entryOf, memberOf } from './json.ts'
import type { SpanNote } from './logs.ts'
import type { ToolCall } from './message-parts.ts'
import { answeredBy, askedOf, type Message, messagesOf, saidBy } from './messages.ts'
import { onlyText, unpackaged } from './packaging.ts'
import { promptsOf } from './prompts.ts'
import { pythonLiteral } from './python-literal.ts'
import { capturedPlain, capturedText, parseCaptured } from './read.ts'
import type { Captured, SpanRows } from './rows.ts'
import { sharedFields } from './shared-fields.ts'
import { calledWith, toolAnswer, toolInput } from './tool-values.ts'
import { noUsage } from './usage.ts'

/** Reads a span of another convention, with what logs say of it. */
export function foreignSpan(
  span: SpanRecord,
  notes: readonly SpanNote[],
): Omit<SpanRows, 'feedback'> {
  const attributes = withEvents(span.attributes, span.events, notes)
  const dialect = dialectOf(attributes, span.name)
  const opKind = dialect ? stepKind(attributes, dialect, span.name) : carrierKind(span)
  const written = inputOf(attributes, dialect, opKind, span.name)
  const prompts = promptsOf(attributes, dialect, opKind, written.messages, span.name)
  const input = prompts.messages ? askedBy(opKind, prompts.messages) : written.captured
  const { captured: output, callId, toolName } = outputOf(attributes, dialect, opKind)
  const shared = sharedFields(span, attributes, dialect)
  const uses = prompts.parameters.map(({ row: { name, version } }) => ({ name, version }))
  return {
    parameters: prompts.parameters.map(({ row }) => row),
    unnamed: prompts.unnamed,
    uses: uses.map((use) => ({ ...use, propensity: null })),
    inputs: foreignInputs(span, {
      input: input ? parseCaptured(input) : undefined,
      variables: prompts.variables,
      parameters: prompts.parameters,
    }),
    span: {
      kind: opKind !== null && asides.has(opKind) ? 'aside' : 'op',
      dialect: dialect?.name ?? 'otel',
      op: operatorName(nameOf(attributes, dialect, opKind, toolName) ?? span.name, opKind),
      opKind,
      description: '',
      sourceHash: null,
      input,
      output,
      outputHash: output ? valueHash(parseCaptured(output)) : null,
      templates: null,
      ...shared,
      callId:
        opKind === 'llm'
          ? textAmong(attributes, keysOf(dialect, 'responseId'))
          : (shared.callId ?? callId ?? written.callId ?? null),
      model: shared.model ?? namedModel(attributes, dialect, opKind),
      // An agent's usage is the sum of its model calls', which are spans of their own.
      ...(opKind === 'agent' || opKind === 'chain' ? noUsage : {}),
    },
  }
}

function namedModel(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): string | null {
  const isModel = kind === 'llm' || kind === 'embedding' || kind === 'reranker'
  return isModel && dialect?.modelName ? textAmong(attributes, dialect.modelName) : null
}

/** A call that gives a request, with its messages and tools, prepares a model's call, which says the same. */
function stepKind(attributes: Attributes, dialect: Dialect, name: string): string | null {
  const kind = kindOf(attributes, dialect, name)
  if (kind === 'tool' && isMerged(attributes, dialect)) return 'setup'
  if (kind !== 'llm') return kind
  const given = firstValue(attributes, keysAmong(attributes, dialect, 'output'))
  if (given?.plain !== false || !given.text.includes('"tools"')) return kind
  const request = parseCaptured(given)
  const lists = [memberOf(request, 'messages'), memberOf(request, 'tools')]
  return lists.every(Array.isArray) ? 'setup' : kind
}

/**
 * A span that no convention of agents has marked: those for messaging and for requests over HTTP carry what others say. One with
 * feedback on it stays in its run's graph.
 */
function carrierKind(span: SpanRecord): string | null {
  const marks = span.kind === CLIENT ? requests : messages
  const carries = marks.some((mark) => span.attributes.has(mark))
  if (!carries) return null
  return feedbackOf(span).rows.length === 0 ? 'transport' : 'transport-evaluated'
}

/** The kind of a span that waits for another service. */
const CLIENT = 3

/** Each under the names that the conventions had and have. */
const messages = ['messaging.operation', 'messaging.operation.type', 'messaging.operation.name']
const requests = [...messages, 'http.request.method', 'http.method']

/** Several calls of tools in one span, which has no tool's name: `(merged tools)`. */
function isMerged(attributes: Attributes, dialect: Dialect): boolean {
  return /^\(.*\)$/.test(textAmong(attributes, operatorKeys(dialect, 'tool')) ?? '')
}

/** Kinds of operations that are no steps: what they say is said again by those that are. */
const asides: ReadonlySet<string> = new Set(['setup', 'chunk', 'wait', 'hook', 'keeping'])

/** Model calls have no name of their own: their spans are called after the model, which may change. */
const byKind: Readonly<Record<string, string>> = {
  llm: 'chat',
  inference: 'chat',
  embedding: 'embeddings',
}

function nameOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
  toolName: string | undefined,
): string | null {
  if (kind === null) return null
  const given = textAmong(attributes, operatorKeys(dialect, kind))
  // Of a name that is nothing but an id, the span's name may say more.
  const isId = given !== null && hasId(stableName(given))
  const name = (isId ? null : given) ?? entryOf(byKind, kind) ?? null
  const step = kind === 'tool' && dialect?.op.chain ? textAmong(attributes, dialect.op.chain) : null
  return (name === null || toolClass.test(name) ? toolName : undefined) ?? name ?? step
}

/** Classes of tools in LangChain, after which its callbacks call a tool whose name they do not know. */
const toolClass = /^(Dynamic|Structured|DynamicStructured|Base)?Tool$/

interface Input {
  readonly captured: Captured | null
  readonly messages?: readonly Message[]
  /** Id of the call that a tool's input says it is. */
  readonly callId?: string | undefined
}

function inputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
  name: string,
): Input {
  const keys = keysAmong(attributes, dialect, 'input')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'user', kind) : undefined
  if (messages) return { captured: null, messages }
  const found = firstValue(attributes, kind === 'chain' ? wholeFirst(keys) : keys)
  if (!found) return { captured: null }
  const value = unpackaged(parseCaptured(found))
  // A tool's arguments are looked for in what models said, so they are written alike.
  if (kind === 'tool') {
    const tool = textAmong(attributes, operatorKeys(dialect, kind)) ?? name
    const { value: given, callId } = toolInput(value, tool)
    return { captured: captured(given), callId }
  }
  const given = /"kwargs"/.test(found.text) ? calledWith(value) : value
  const argument = found.plain ? onlyArgument(found.text) : undefined
  const asked = kind === 'agent' ? onlyText(argument ?? given) : askedOfStep(argument ?? given)
  return { captured: kept(found, asked) }
}

/** What was captured, as it was written where reading has changed nothing in it. */
function kept(found: Captured, value: unknown): Captured {
  return !found.plain && value === parseCaptured(found) ? found : captured(value)
}

/** The one argument of a call that Python has printed: `('Where is it?',)`. */
function onlyArgument(text: string): unknown {
  const list = /^\(.*,\)$/s.test(text) ? pythonLiteral(text) : undefined
  return Array.isArray(list) && list.length === 1 ? list[0] : undefined
}

function askedBy(kind: string | null, messages: readonly Message[]): Captured | null {
  if (messages.length === 0) return null
  return captured(kind === 'agent' ? askedOf(messages) : messages)
}

interface Output {
  readonly captured: Captured | null
  /** Id of the call that a tool's message says it answers. */
  readonly callId?: string | undefined
  /** Name of the tool that the message says it is of. */
  readonly toolName?: string | undefined
}

function outputOf(
  attributes: Attributes,
  dialect: Dialect | undefined,
  kind: string | null,
): Output {
  const keys = keysAmong(attributes, dialect, 'output')
  const messages = speaks(kind) ? firstMessages(attributes, keys, 'assistant', kind) : undefined
  if (messages)
    return { captured: captured(kind === 'agent' ? answeredBy(messages) : saidBy(messages)) }
  const found = firstValue(attributes, kind === 'chain' ? wholeFirst(keys) : keys)
  if (!found || (kind !== 'tool' && isCut(found))) return { captured: null }
  const given = unpackaged(parseCaptured(found))
  if (kind !== 'tool') return { captured: kept(found, answeredByStep(given)) }
  const { value, callId, name } = toolAnswer(given)
  return { captured: captured(value), callId, toolName: name }
}

function speaks(kind: string | null): boolean {
  return kind === 'llm' || kind === 'agent'
}

/** What is left of an object that Python has printed, where an instrumentation has cut it: the beginning of its packaging. */
function isCut({ plain, text }: Captured): boolean {
  if (!plain || !/^[A-Z]\w*\([A-Za-z_]\w*=/.test(text)) return false
  return text.endsWith('...') || /=\[\d+ items\][,)]/.test(text)
}

/**
 * The messages under the first key that has them whole. Under some keys there are messages without their content, without the
 * ids of their calls, or no more than the system's, and the whole conversation is under another.
 */
function firstMessages(
  attributes: Attributes,
  keys: readonly string[],
  role: 'user' | 'assistant',
  kind: string | null,
): readonly Message[] | undefined {
  let partial: readonly Message[] | undefined
  let unidentified: readonly Message[] | undefined
  for (const key of keys) {
    const value = unpackaged(valueAt(attributes, key))
    if (value === undefined) continue
    const found = messagesOf(value, role)
    if (found && isWhole(value, found, kind)) {
      const hasIds = callsOf(found).every(({ id }) => id !== undefined)
      if (hasIds && (!unidentified || namesOf(found) === namesOf(unidentified))) return found
      unidentified ??= found
    }
    partial ??= found
    // An agent is called with whatever its program passes; that is not to be looked past.
    if (!found && kind === 'agent') break
  }
  return unidentified ?? partial
}

function callsOf(messages: readonly Message[]): readonly ToolCall[] {
  return messages.flatMap(({ tool_calls: calls }) => calls ?? [])
}

function namesOf(messages: readonly Message[]): string {
  return JSON.stringify(callsOf(messages).map(({ name }) => name))
}

function isWhole(value: unknown, found: readonly Message[], kind: string | null): boolean {
  if (Array.isArray(value) && value.length > found.length) return false
  return kind !== 'agent' || found.some(({ role }) => role !== 'system')
}

/** A step that is no model call has its value whole; what an instrumentation has picked out of it as messages is less. */
function wholeFirst(keys: readonly string[]): readonly string[] {
  return [...keys.filter((key) => !/[*#]/.test(key)), ...keys.filter((key) => /[*#]/.test(key))]
}

function firstValue(attributes: Attributes, keys: readonly string[]): Captured | null {
  for (const key of keys) {
    if (/[*#}]/.test(key)) {
      const value = valueAt(attributes, key)
      if (value !== undefined) return captured(value)
      continue
    }
    const found = capturedValue(attributes, key)
    if (found) return found
  }
  return null
}

function captured(value: unknown): Captured {
  return typeof value === 'string'
    ? capturedPlain(value.toWellFormed())
    : capturedText(JSON.stringify(value), false)
}
