import type { LeftOut } from '@trace2/store'
import type { Batch, Digest } from '../batch/index.ts'
import type { Suggestion } from '../optimizers/index.ts'
import { type Omitted, type Seen, unionOf } from '../prompt/index.ts'

/** A number of runs, and the number of pieces of feedback on them. */
export interface Amount {
  readonly runs: number
  readonly feedback: number
}

export function amountOf({ runs, feedback }: Seen): Amount {
  return { runs: runs.length, feedback: feedback.length }
}

/** All runs and feedback of a batch. */
export function allOf({ runs }: Batch): Seen {
  return {
    runs: runs.map(({ graph }) => graph.run),
    feedback: [...new Set(runs.flatMap((run) => run.feedback.map(({ feedback }) => feedback.id)))],
  }
}

/** What the model saw that made some suggestions; of a strategy that does not tell, the whole batch. */
export function seenBy(suggestions: readonly Suggestion[], batch: Batch): Seen {
  return unionOf(suggestions.map(({ seen }) => seen ?? allOf(batch)))
}

/** What was gathered and not seen. */
export function leftOutOf(
  digests: readonly Digest[],
  seen: Seen,
  omitted: readonly Omitted[],
  parameters: readonly string[],
): LeftOut {
  const feedback = digests.reduce((sum, digest) => sum + digest.feedback, 0)
  return {
    runs: Math.max(0, digests.length - seen.runs.length),
    feedback: Math.max(0, feedback - seen.feedback.length),
    parameters,
    texts: omitted
      .flatMap(({ shortened }) => Object.values(shortened))
      .reduce((sum, count) => sum + count, 0),
  }
}
