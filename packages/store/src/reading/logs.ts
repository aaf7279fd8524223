import { ATTR_EVALUATION_NAME } from '@trace2/core'
import type { LogRecord } from '../otlp/logs.ts'
import type { Attributes } from '../otlp/records.ts'
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
    }
  }
  return { feedback, notes }
}

/** Whether a log record becomes feedback or part of a span. */
export function concernsRun(record: LogRecord): boolean {
  if (!record.traceId) return false
  return isEvaluation(record) || (record.spanId !== undefined && messageEvents.has(record.name))
}

function isEvaluation({ name, attributes }: Pick<LogRecord, 'name' | 'attributes'>): boolean {
  return name === 'gen_ai.evaluation.result' || attributes.has(ATTR_EVALUATION_NAME)
}

function ownAttributes(attributes: Attributes): Attributes {
  return new Map([...attributes].filter(([key]) => key !== 'event.name'))
}
