import { ATTR_EVALUATION_NAME } from '@trace2/instrumentation/semconv'
import { valueJson } from '../otlp/attribute-json.ts'
import type { LogRecord } from '../otlp/logs.ts'
import type { AnyValue } from '../otlp/model.ts'
import { evaluation } from './feedback.ts'
import { structured } from './json.ts'
import { type Message, messagesOf, saidBy } from './messages.ts'
import { instructionsText } from './prompts.ts'
import type { FeedbackRow } from './rows.ts'

/** What a model call said in log events instead of on its span. */
export interface SpanMessages {
  readonly traceId: string
  readonly spanId: string
  readonly timeNs: bigint
  /** JSON text, or `null`. */
  readonly input: string | null
  readonly output: string | null
}

export interface LogRows {
  readonly feedback: readonly (FeedbackRow & { readonly createdNs: bigint })[]
  readonly messages: readonly SpanMessages[]
}

/** Evaluation results and GenAI events among log records; other records say nothing of a run. */
export function rowsOfLogs(records: readonly LogRecord[]): LogRows {
  const feedback: (FeedbackRow & { readonly createdNs: bigint })[] = []
  const bySpan = new Map<string, LogRecord[]>()
  for (const record of records) {
    const { traceId, spanId } = record
    if (!traceId) continue
    if (record.name === 'gen_ai.evaluation.result' || record.attributes.has(ATTR_EVALUATION_NAME)) {
      const identifier = `${record.timeNs}`
      const target = { traceId, spanId: spanId ?? null, identifier }
      for (const row of evaluation(record.attributes, target)) {
        feedback.push({ ...row, createdNs: record.timeNs })
      }
    } else if (spanId && record.name.startsWith('gen_ai.')) {
      const key = traceId + spanId
      const known = bySpan.get(key)
      if (known) known.push(record)
      else bySpan.set(key, [record])
    }
  }
  return { feedback, messages: [...bySpan.values()].flatMap(messagesOfSpan) }
}

function messagesOfSpan(records: readonly LogRecord[]): SpanMessages[] {
  const [first] = records
  if (!first?.traceId || !first.spanId) return []
  const input: Message[] = []
  const output: Message[] = []
  for (const { name, attributes, body } of records) {
    // gen_ai.client.inference.operation.details has what the span's attributes would have.
    const system = instructionsText(plainValue(attributes.get('gen_ai.system_instructions')))
    if (system !== undefined) input.push({ role: 'system', content: system })
    input.push(...(messagesOf(plainValue(attributes.get('gen_ai.input.messages')), 'user') ?? []))
    output.push(
      ...(messagesOf(plainValue(attributes.get('gen_ai.output.messages')), 'assistant') ?? []),
    )
    const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(name)?.[1]
    const said = plainValue(body)
    if (role) input.push(...(messagesOf([{ role, ...objectOf(said) }], 'user') ?? []))
    if (name === 'gen_ai.choice') output.push(...(messagesOf([objectOf(said)], 'assistant') ?? []))
  }
  if (input.length === 0 && output.length === 0) return []
  const { traceId, spanId, timeNs } = first
  return [
    {
      traceId,
      spanId,
      timeNs,
      input: input.length > 0 ? JSON.stringify(input) : null,
      output: output.length > 0 ? JSON.stringify(saidBy(output)) : null,
    },
  ]
}

/** A structured value or JSON text, as plain JSON. */
function plainValue(value: AnyValue | undefined): unknown {
  if (value === undefined) return undefined
  return structured(typeof value === 'string' ? value : valueJson(value))
}

function objectOf(value: unknown): object {
  if (typeof value === 'object' && value !== null) return value
  return { content: typeof value === 'string' ? value : '' }
}
