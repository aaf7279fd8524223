import { raise } from '../errors.ts'
import { crossingProbability, levelReachedWith } from './sequence/crossing.ts'
import { greatestLoss, plannedShare } from './sequence/wealth.ts'

/** Options of {@link casesNeeded}. */
export interface PlanOptions {
  /** The difference of mean scores to find, as a share of the width of the scale. */
  readonly effect: number
  /** The standard deviation of the groups' differences, as a share of the width of the scale. */
  readonly deviation: number
  /** Error probability, one-sided. Default 0.05. */
  readonly alpha?: number
  /** Probability that the effect is found. Default 0.8. */
  readonly power?: number
}

/** More cases than anybody runs; a plan that needs them says so by this number. */
export const mostCases = 10_000_000

/**
 * Returns the number of groups until a gate says `better`, if it is looked at after every group and the candidate is
 * better by the given amount. It is the time at which Brownian motion with this drift reaches the level of the planned
 * bet, plus what bounded stakes add if the effect is large beside the deviation. The second part is fitted to
 * simulations and slightly cautious; `npm run bench -- gate` measures the power at this number.
 *
 * @throws `T2_GATE_OPTIONS`
 */
export function casesNeeded({ effect, deviation, alpha = 0.05, power = 0.8 }: PlanOptions): number {
  for (const [name, value] of Object.entries({ effect, deviation })) {
    if (value > 0 && value < Number.POSITIVE_INFINITY) continue
    throw raise('T2_GATE_OPTIONS', `${name} is ${value}; it must be above 0.`)
  }
  for (const [name, value] of Object.entries({ alpha, power })) {
    if (value > 0 && value < 1) continue
    throw raise('T2_GATE_OPTIONS', `${name} is ${value}; it must lie between 0 and 1.`)
  }
  const progress = alpha * plannedShare
  const gaussian = casesToCross(levelReachedWith(progress), effect / deviation, power)
  return withBoundedStakes(gaussian, progress, effect)
}

/** @param progress wealth of the planned bet, as a share of what it plays for. */
function withBoundedStakes(gaussian: number, progress: number, effect: number): number {
  const boundedStakes = (1.55 * Math.log(1 / progress)) / greatestLoss
  const extra = (boundedStakes * Math.exp((-gaussian * effect) / 12) + 0.7) / effect
  return Math.min(Math.ceil(1.03 * gaussian + extra), mostCases)
}

/** Less wealth than this is as good as none. */
const leastProgress = 1e-10

/** Where a test stands that is under way. */
export interface Standing {
  /** Wealth of the planned bet, as a share of what it plays for. */
  readonly progress: number
  /** Values that are left of those it was planned for. */
  readonly remaining: number
}

/** How many further groups it takes from where a test stands. */
export function casesToGo({ progress, remaining }: Standing, plan: PlanOptions): number {
  const { effect, deviation, power = 0.8 } = plan
  const gaussian = casesToCross(levelReachedWith(progress), effect / deviation, power, remaining)
  return withBoundedStakes(gaussian, Math.max(progress, leastProgress), effect)
}

/** Probability that a test says `better` within so many further groups. */
export function powerWithin(cases: number, standing: Standing, plan: PlanOptions): number {
  if (cases <= 0) return 0
  const { progress, remaining } = standing
  return chanceWithin(cases, levelReachedWith(progress), plan.effect / plan.deviation, remaining)
}

/**
 * @param ratio effect over standard deviation.
 * @param remaining number of values for which `level` is the distance to go, in standard deviations of their sum.
 */
function casesToCross(level: number, ratio: number, power: number, remaining = 0): number {
  const reaches = (cases: number) => chanceWithin(cases, level, ratio, remaining) >= power
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

/** Before its horizon a test has farther to go; beyond it, the same wealth is played anew. */
function chanceWithin(cases: number, level: number, ratio: number, remaining: number): number {
  const distance = level * Math.sqrt(Math.max(remaining / cases, 1))
  return crossingProbability(distance, ratio * Math.sqrt(cases))
}
