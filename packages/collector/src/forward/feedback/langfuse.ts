import type { Feedback } from '@trace2/store'
import type { Outgoing } from '../deliver.ts'
import { addressBelow } from '../target.ts'
import { ownRequest } from './own-request.ts'

/** The category of feedback that is nothing but words: a score of Langfuse must have a value. */
const COMMENTED = 'comment'

/**
 * Feedback as Langfuse takes scores of a trace or of an observation in it; the same id replaces what was there. A score
 * is numeric, a label alone a category.
 *
 * @see https://langfuse.com/docs/evaluation/evaluation-methods/scores-via-sdk
 */
export function langfuseScore(url: string, feedback: Feedback): Outgoing {
  const { id, traceId, spanId, name, score, label, comment, source, identifier } = feedback
  const value =
    score === null
      ? { value: label ?? COMMENTED, dataType: 'CATEGORICAL' }
      : { value: score, dataType: 'NUMERIC' }
  const json = {
    id,
    traceId,
    ...(spanId !== null && { observationId: spanId }),
    name,
    ...value,
    ...(comment !== null && { comment }),
    metadata: { source, identifier, ...(label !== null && { label }) },
  }
  const api = (base: string) => `${base.replace(/\/api\/public\/otel$/, '')}/api/public/scores`
  return ownRequest(addressBelow(url, api), json)
}
