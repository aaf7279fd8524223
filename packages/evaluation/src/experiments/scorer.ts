import type { Json } from '@trace2/core'
import type { Case, TrialScore } from '@trace2/store'

/** Scores outputs with all guides of an experiment. */
export interface Scorer {
  /** Names of the guides. */
  readonly guides: readonly string[]
  /** Hash of all that decides what they say. */
  readonly hash: string
  /** Whether an output is judged beside the base's output on the same case. */
  readonly needsBase: boolean
  /** Whether a metric has no score of a case without a reference. */
  needsReference(metric: string): boolean
  /** One result per guide. A guide that fails costs its own result only. */
  score(one: Case, output: Json, beside: ScoringContext): Promise<readonly TrialScore[]>
}

export interface ScoringContext {
  /** What the base gave in the same repeat of the case; its own output for a trial of the base. */
  readonly base?: Json
  readonly signal?: AbortSignal
}

/** The mean of the guides' scores; the name of a metric that is no guide's. */
export const meanScore = 'score'

/**
 * The score that a gate reads.
 *
 * @returns `null` where a guide that counts has none: a mean over the others would be of another scale.
 */
export function metricOf(scores: readonly TrialScore[], metric: string): number | null {
  const counting = countingIn(metric, scores, ({ guide }) => guide)
  if (counting.length === 0) return null
  let sum = 0
  for (const { score } of counting) {
    if (score === null) return null
    sum += score
  }
  return sum / counting.length
}

/** Those that a metric is made of: the one that it names, or all. */
export function countingIn<One>(
  metric: string,
  all: readonly One[],
  nameOf: (one: One) => string,
): readonly One[] {
  return metric === meanScore ? all : all.filter((one) => nameOf(one) === metric)
}
