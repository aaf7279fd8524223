import type { TrialScore } from '@trace2/store'

/** What one guide says of a subject, and how often it was asked. */
export interface GuideScore extends TrialScore {
  /** The score of each ask that was answered. {@link TrialScore.score} is their mean. */
  readonly asks: readonly number[]
}
