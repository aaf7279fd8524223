/** The ends of a 95 % confidence interval. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** Chance that an interval misses the truth on one side. */
export const beyond = 0.025
