import { ATTR_EVALUATION_NAME } from '@trace2/core'
import { type AnyValue, type Attributes, isList, type LogRecord } from '../otlp/index.ts'
import { messageEvents, OPERATION_DETAILS } from './event-names.ts'
import { evaluation } from './feedback.ts'
import { plain } from './flattened.ts'
import type { FeedbackRow } from './rows.ts'

/** What a log says of a span: an event of a name, its body (or, of an operation's details, its attributes) as JSON. */
export interface SpanNote {
  readonly traceId: string
  readonly spanId: string
  /** Notes of one span count in this order. */
  readonly timeNs: bigint
  readonly name: string
  /** JSON text. */
  readonly body: string
}

export interface LogRows {
  readonly feedback: readonly (FeedbackRow & { readonly createdNs: bigint })[]
  readonly notes: readonly SpanNote[]
}

/** Evaluation results and GenAI events among log records; other records say nothing of a run. */
export function rowsOfLogs(records: readonly LogRecord[]): LogRows {
  const feedback: LogRows['feedback'][number][] = []
  const notes: SpanNote[] = []
  for (const { traceId, spanId, timeNs, name, attributes, body } of records) {
    if (!traceId) continue
    if (isEvaluation({ name, attributes })) {
      // Sent again, it is the same result: the time tells it from others of its name.
      const target = { traceId, spanId: spanId ?? null, identifier: `${timeNs}` }
      for (const row of evaluation(attributes, target)) feedback.push({ ...row, createdNs: timeNs })
    } else if (spanId && messageEvents.has(name)) {
      const said = name === OPERATION_DETAILS || body === null ? ownAttributes(attributes) : body
      const text = JSON.stringify(plain(said) ?? null).toWellFormed()
      notes.push({ traceId, spanId, timeNs, name, body: text })
    } else if (spanId) {
      const moved = movedMessages(body)
      if (!moved) continue
      const text = JSON.stringify(plain(moved)).toWellFormed()
      notes.push({ traceId, spanId, timeNs, name: OPERATION_DETAILS, body: text })
    }
  }
  return { feedback, notes }
}

/** Whether a log record becomes feedback or part of a span. */
export function concernsRun(record: LogRecord): boolean {
  if (!record.traceId) return false
  if (isEvaluation(record)) return true
  if (record.spanId === undefined) return false
  return messageEvents.has(record.name) || movedMessages(record.body) !== undefined
}

/**
 * AWS's distribution for Python takes the content off each span and sends it as a log, which is named after the instrumentation:
 * `{input: {messages: […]}, output: {messages: […]}}`.
 */
function movedMessages(body: AnyValue): Attributes | undefined {
  const found = new Map<string, AnyValue>()
  for (const side of ['input', 'output']) {
    const messages = memberOf(memberOf(body, side), 'messages')
    if (typeof messages === 'object' && messages !== null && isList(messages)) {
      found.set(`gen_ai.${side}.messages`, messages)
    }
  }
  return found.size === 0 ? undefined : found
}

function memberOf(value: AnyValue | undefined, name: string): AnyValue | undefined {
  return value instanceof Map ? value.get(name) : undefined
}

function isEvaluation({ name, attributes }: Pick<LogRecord, 'name' | 'attributes'>): boolean {
  return name === 'gen_ai.evaluation.result' || attributes.has(ATTR_EVALUATION_NAME)
}

function ownAttributes(attributes: Attributes): Attributes {
  return new Map([...attributes].filter(([key]) => key !== 'event.name'))
}
