import type { Outgoing } from '../deliver.ts'
import type { ForwardTarget } from '../target.ts'
import { feedbackDialect } from './dialect.ts'
import { readFeedbackEntry } from './entry.ts'
import { langfuseScore } from './langfuse.ts'
import { evaluationResult } from './otlp.ts'
import { phoenixAnnotation } from './phoenix.ts'

/** The request that tells a target of the feedback in an entry of the journal. */
export function feedbackRequest(target: ForwardTarget, entry: Uint8Array): Outgoing {
  const feedback = readFeedbackEntry(entry)
  switch (feedbackDialect(target)) {
    case 'phoenix':
      return phoenixAnnotation(target.url, feedback)
    case 'langfuse':
      return langfuseScore(target.url, feedback)
    default:
      return evaluationResult(target, feedback)
  }
}
