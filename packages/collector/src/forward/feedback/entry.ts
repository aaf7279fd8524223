import type { Feedback } from '@trace2/store'
import { objectOf } from '@trace2/store/otlp'
import { raise } from '../../errors.ts'

/** The body of a journal entry for a piece of feedback. */
export function feedbackEntry(feedback: Feedback): Uint8Array {
  return Buffer.from(JSON.stringify(feedback))
}

/** @throws {Trace2Error} `T2_FEEDBACK_INVALID` for a body that {@link feedbackEntry} has not made. */
export function readFeedbackEntry(body: Uint8Array): Feedback {
  const value = objectOf(JSON.parse(Buffer.from(body).toString('utf8')))
  const text = (key: string) => {
    const found = value?.[key]
    if (typeof found === 'string') return found
    throw raise('T2_FEEDBACK_INVALID', `Feedback in the journal has no ${key}.`)
  }
  const textOrNull = (key: string) => (typeof value?.[key] === 'string' ? text(key) : null)
  const source = text('source')
  const score = value?.score
  return {
    id: text('id'),
    traceId: text('traceId'),
    spanId: textOrNull('spanId'),
    name: text('name'),
    score: typeof score === 'number' ? score : null,
    label: textOrNull('label'),
    comment: textOrNull('comment'),
    source: source === 'human' || source === 'model' ? source : 'code',
    identifier: text('identifier'),
    createdAt: text('createdAt'),
  }
}
