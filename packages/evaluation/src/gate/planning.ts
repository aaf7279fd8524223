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

/** More cases than anybody runs; a plan that needs them says so by this number. */
export const mostCases = 10_000_000

/**
 * How many groups it takes until a gate that is looked at after every one of them says `better`, if the candidate is better
 * by this much: where Brownian motion with that drift reaches the level of the planned bet, and what bounded stakes
 * add to it where the effect is large beside the deviation. The second part is fitted to simulations and a little
 * cautious; `npm run bench -- gate` measures the power at this number.
 */
export function casesNeeded({ effect, deviation, alpha = 0.05, power = 0.8 }: PlanOptions): number {
  const gaussian = casesToCross(levelReachedWith(alpha * plannedShare), effect / deviation, power)
  const target = Math.log(1 / (alpha * plannedShare))
  const boundedStakes = (1.55 * target) / greatestLoss
  const extra = (boundedStakes * Math.exp((-gaussian * effect) / 12) + 0.7) / effect
  return Math.min(Math.ceil(gaussian + extra), mostCases)
}

/**
 * How many further groups it takes from where a test stands.
 *
 * @param progress wealth of the planned bet, as a share of what it plays for.
 */
export function casesToGo(progress: number, plan: PlanOptions): number {
  const { effect, deviation, power = 0.8 } = plan
  return casesToCross(levelReachedWith(progress), effect / deviation, power)
}

/** Probability that a test which stands at `progress` says `better` within so many further groups. */
export function powerWithin(cases: number, progress: number, plan: PlanOptions): number {
  const drift = (plan.effect / plan.deviation) * Math.sqrt(Math.max(cases, 0))
  return cases <= 0 ? 0 : crossingProbability(levelReachedWith(progress), drift)
}

/** @param ratio effect over standard deviation. */
function casesToCross(level: number, ratio: number, power: number): number {
  const reaches = (cases: number) => crossingProbability(level, ratio * Math.sqrt(cases)) >= power
  let high = 1
  while (high < mostCases && !reaches(high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (reaches(middle)) high = middle
    else low = middle
  }
  return Math.min(high, mostCases)
}
