import { studentUpperQuantile } from './numeric/distributions.ts'
import { crossingProbability, levelReachedWith } from './sequence/crossing.ts'
import { greatestLoss, plannedShare } from './sequence/wealth.ts'

export interface PlanOptions {
  /** Difference of mean scores to find, as a share of the scale's width. */
  readonly effect: number
  /** Standard deviation of the groups' differences, as a share of the scale's width. */
  readonly deviation: number
  /** Error allowed, one-sided. */
  readonly alpha?: number
  /** Probability of finding the effect. */
  readonly power?: number
}
