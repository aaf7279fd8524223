import type { Feedback, FeedbackSource } from '@trace2/store'
import type { Outgoing } from '../deliver.ts'
import { addressBelow } from '../target.ts'
import { ownRequest } from './own-request.ts'

const annotators: Readonly<Record<FeedbackSource, string>> = {
  human: 'HUMAN',
  model: 'LLM',
  code: 'CODE',
}

/**
 * Feedback as Phoenix takes annotations of a span or of a trace; the same name, target and identifier replaces what
 * was there. Phoenix keeps one that comes before its span and adds it when that has come.
 *
 * @see https://arize.com/docs/phoenix/sdk-api-reference/rest-api
 */
export function phoenixAnnotation(url: string, feedback: Feedback): Outgoing {
  const { traceId, spanId, name, score, label, comment, source, identifier } = feedback
  const [path, target] =
    spanId === null
      ? ['/v1/trace_annotations', { trace_id: traceId }]
      : ['/v1/span_annotations', { span_id: spanId }]
  const annotation = {
    ...target,
    name,
    annotator_kind: annotators[source],
    result: { label, score, explanation: comment },
    identifier,
  }
  return ownRequest(
    addressBelow(url, (base) => base + path),
    { data: [annotation] },
  )
}
