import { normalDensity } from '../../numeric/index.ts'
import { approximateLevel } from './level-table.ts'

/** The greatest share of its wealth that a bet can lose: with more, one unlucky case would end the test. */
export const greatestLoss = 0.9
/** Share of the money that plays for the planned number of values; the rest needs no plan. */
export const plannedShare = 0.9
/** Shares of the wealth that the bets without a plan stake, each for ever. */
const constantStakes = [0.02, 0.04, 0.08, 0.14, 0.22, 0.35, 0.55, 0.9]
/** Below this share of its target a plan is given up, which costs nothing that could still be won. */
const hopeless = 1e-10

export interface Plan {
  /** Wealth at which the hypothesis is rejected: 1 over the error allowed. */
  readonly target: number
  /** Number of values within which the target should be reached. */
  readonly horizon: number
}

/**
 * Wealth of a gambler who bets against "the mean of these values is at most `mean`", values lying in [0, 1]. Each bet
 * is chosen before its value is seen and pays `1 + stake × (value − mean)`, so that under the hypothesis the
 * wealth is a non-negative supermartingale that begins at 1: it ever reaches `target` with a probability of at most
 * 1/target, however often one looks (Ville's inequality; Waudby-Smith and Ramdas, Estimating means of
 * bounded random variables by betting, JRSS B 2023, section 4). The choice of stakes decides about power alone, never about
 * validity.
 *
 * One tenth of the money is a mixture of constant stakes. The rest is staked as one hedges an option that pays the target
 * when a Brownian motion with the variance seen so far touches the level that it reaches by the horizon
 * with probability wealth/target: the conditional rejection probability of the test that is planned for the horizon
 * (Koning and van Meer, Anytime validity is free, arXiv 2501.03982). It is taken anew at each step from the wealth that is
 * really there and the values that are left (as in Voráček and Orabona, STaR-Bets, arXiv 2505.22422), so that the real
 * increments, which are not Gaussian, cost power at most.
 */
export class Wealth {
  readonly mean: number
  readonly #target: number
  #horizon: number
  #planned = 1
  readonly #constant = new Float64Array(constantStakes.length).fill(1)
  #constantSum = constantStakes.length

  constructor(mean: number, { target, horizon }: Plan) {
    this.mean = mean
    this.#target = target
    this.#horizon = Math.max(Math.ceil(horizon), 1)
  }

  /** Plays for another number of values from now on. It must not depend on values that are still to come. */
  plan(horizon: number): void {
    this.#horizon = Math.max(Math.ceil(horizon), 1)
  }

  /**
   * @param count how many values came before this one.
   * @param variance that of the values before this one.
   */
  bet(value: number, count: number, variance: number): void {
    const gain = value - this.mean
    this.#planned *= 1 + this.#stake(count, variance) * gain
    const share = gain / this.mean
    const constant = this.#constant
    let sum = 0
    // Counted by index: this is the innermost loop of a gate, and an iterator triples its time.
    for (let index = 0; index < constant.length; index++) {
      const wealth = (constant[index] ?? 0) * (1 + (constantStakes[index] ?? 0) * share)
      constant[index] = wealth
      sum += wealth
    }
    this.#constantSum = sum
  }

  get value(): number {
    const constant = this.#constantSum / constantStakes.length
    return plannedShare * this.#planned + (1 - plannedShare) * constant
  }

  /** The part of the wealth that plays for the horizon, as a share of what it plays for. */
  get plannedProgress(): number {
    return Math.min((this.#planned * plannedShare) / this.#target, 1)
  }

  #stake(count: number, variance: number): number {
    this.#horizon = horizonAfter(count, this.#horizon)
    const progress = this.plannedProgress
    if (progress >= 1 || progress < hopeless) return 0
    const level = approximateLevel(progress)
    // The slope of the option's value is twice the density at the level; the value itself is `progress`.
    const deviation = Math.sqrt(variance * (this.#horizon - count))
    const hedge = (2 * normalDensity(level)) / (progress * deviation)
    // Nothing is won beyond the target, so nothing is risked for more than it.
    const enough = (1 / progress - 1) / (1 - this.mean)
    return Math.min(hedge, enough, greatestLoss / this.mean)
  }
}

/** Who goes on past the horizon plays with what is left for one twice as far. */
export function horizonAfter(count: number, horizon: number): number {
  let reached = horizon
  while (count >= reached) reached *= 2
  return reached
}
