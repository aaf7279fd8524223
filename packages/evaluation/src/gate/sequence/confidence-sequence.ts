import { Moments } from './moments.ts'
import { horizonAfter, type Plan, Wealth } from './wealth.ts'

/** Options of a {@link ConfidenceSequence}. */
export interface SequenceOptions {
  /** Lower bound of the values: no value is below it. */
  readonly low: number
  /** Upper bound of the values: no value is above it. */
  readonly high: number
  /** Probability that the lower limit is ever above the mean. */
  readonly alphaLower: number
  /** Probability that the upper limit is ever below the mean. */
  readonly alphaUpper: number
  /** Number of values that are planned. */
  readonly horizon: number
  /** The expected standard deviation of the values. It affects power only. Default: a quarter of `high - low`. */
  readonly deviation?: number
  /** Means that a decision asks about. Limits are exact at these. */
  readonly critical: readonly number[]
  /**
   * Number of equal steps into which the range of means is divided, beside the critical means. Default 0: the critical
   * means alone.
   */
  readonly resolution?: number
}

/**
 * Confidence sequence for the mean of bounded values: its limits hold at every look at once. A grid of means, each with a
 * bet against "at most this" and one against "at least this", is inverted (Waudby-Smith and Ramdas, Estimating means of
 * bounded random variables by betting, JRSS B 2023, section 4: the hedged capital process). The lower limit is the highest
 * mean below which every mean of the grid has been rejected, so that only one rejection can make it wrong: that at
 * the first mean of the grid that the true one does not exceed. Limits never widen.
 */
export class ConfidenceSequence {
  readonly #options: SequenceOptions
  readonly #means: readonly number[]
  readonly #above: Bets
  readonly #below: Bets
  #horizon: number
  #count = 0

  /** @param options Bounds, error probabilities and the planned number of values. */
  constructor(options: SequenceOptions) {
    this.#options = options
    const { low, high, horizon, critical, resolution = 0 } = options
    this.#horizon = horizon
    const belief = ((options.deviation ?? (high - low) / 4) / (high - low)) ** 2
    const even = Array.from(
      { length: Math.max(resolution - 1, 0) },
      (_, index) => low + ((high - low) * (index + 1)) / resolution,
    )
    const apart = (high - low) * 1e-9
    const between = even.filter((mean) => critical.every((one) => Math.abs(one - mean) > apart))
    this.#means = [...new Set([...critical, ...between])]
      .filter((mean) => mean > low && mean < high)
      .sort((a, b) => a - b)
    const shares = this.#means.map((mean) => (mean - low) / (high - low))
    this.#above = new Bets(shares, { target: 1 / options.alphaLower, horizon }, belief)
    this.#below = new Bets(
      shares.map((share) => 1 - share).reverse(),
      { target: 1 / options.alphaUpper, horizon },
      belief,
    )
  }

  /**
   * @param atLeast the value, or the least that it can be where part of it is unknown.
   * @param atMost the value, or the most that it can be.
   */
  add(atLeast: number, atMost: number = atLeast): void {
    const { low, high } = this.#options
    this.#count++
    this.#above.add((atLeast - low) / (high - low))
    this.#below.add((high - atMost) / (high - low))
  }

  /** The mean exceeds this; `low` while nothing is known. */
  get lower(): number {
    return this.#means[this.#above.rejected - 1] ?? this.#options.low
  }

  /** The mean is below this; `high` while nothing is known. */
  get upper(): number {
    return this.#means[this.#means.length - this.#below.rejected] ?? this.#options.high
  }

  /** How many values are left of those that are planned. */
  get remaining(): number {
    return horizonAfter(this.#count, this.#horizon) - this.#count
  }

  /** Plans for another number of values, by what is known so far: bets are placed before their values are seen. */
  plan(horizon: number): void {
    if (horizon === this.#horizon) return
    this.#horizon = horizon
    this.#above.plan(horizon)
    this.#below.plan(horizon)
  }

  /** Evidence against "the mean is at most this": an e-value of the test that stops when it rejects. */
  eValueAbove(mean: number): number {
    return this.#above.at(this.#means.indexOf(mean))?.value ?? 1
  }

  /** Wealth of the test of "the mean is at most this" that is planned for the horizon, as a share of its target. */
  progressAbove(mean: number): number {
    return this.#above.at(this.#means.indexOf(mean))?.plannedProgress ?? 0
  }
}

/** Bets against "the mean is at most m" for rising m, all over the same values in [0, 1]. */
class Bets {
  readonly #wealths: readonly Wealth[]
  readonly #open: Set<Wealth>
  readonly #target: number
  readonly #belief: number
  readonly #moments = new Moments()
  #rejected = 0

  constructor(means: readonly number[], plan: Plan, belief: number) {
    this.#target = plan.target
    this.#belief = belief
    this.#wealths = means.map((mean) => new Wealth(mean, plan))
    this.#open = new Set(this.#wealths)
  }

  add(value: number): void {
    const variance = this.#moments.varianceGiven(this.#belief)
    for (const wealth of this.#open) {
      wealth.bet(value, this.#moments.count, variance)
      if (wealth.value >= this.#target) this.#open.delete(wealth)
    }
    this.#moments.add(value)
    for (let next = this.at(this.#rejected); next && !this.#open.has(next); ) {
      next = this.at(++this.#rejected)
    }
  }

  plan(horizon: number): void {
    for (const wealth of this.#open) wealth.plan(horizon)
  }

  at(index: number): Wealth | undefined {
    return this.#wealths[index]
  }

  /** How many means from the lowest on are rejected without a gap. */
  get rejected(): number {
    return this.#rejected
  }
}
