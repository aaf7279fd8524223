import { Moments } from './moments.ts'

/** Values before which the limits are not used: the approximation is one for many values. */
export const fewestValues = 30

export interface AsymptoticOptions {
  readonly alphaLower: number
  readonly alphaUpper: number
  /** Number of values for which the limits are narrowest. */
  readonly horizon: number
}

/**
 * Asymptotic confidence sequence for the mean of values without bounds (Waudby-Smith, Arbour, Sinha, Kennedy and
 * Ramdas, Time-uniform central limit theory and asymptotic confidence sequences, Annals of Statistics 2024, section 2,
 * the normal mixture): it holds at every look in the limit of many values, as a t interval does at one. Nothing is guaranteed for few values or
 * for tails so heavy that the variance does not settle.
 */
export class AsymptoticSequence {
  readonly #options: AsymptoticOptions
  readonly #moments = new Moments()
  #lower = Number.NEGATIVE_INFINITY
  #upper = Number.POSITIVE_INFINITY

  constructor(options: AsymptoticOptions) {
    this.#options = options
  }

  add(value: number): void {
    this.#moments.add(value)
    const { count, mean, variance } = this.#moments
    if (count < fewestValues) return
    const { alphaLower, alphaUpper, horizon } = this.#options
    const width = (alpha: number) => Math.sqrt(variance) * mixtureBoundary(count, alpha, horizon)
    this.#lower = Math.max(this.#lower, mean - width(alphaLower))
    this.#upper = Math.min(this.#upper, mean + width(alphaUpper))
  }

  get mean(): number {
    return this.#moments.mean
  }

  get lower(): number {
    return this.#lower
  }

  get upper(): number {
    return this.#upper
  }
}

/** Half width of the two-sided boundary for unit variance. One side alone errs with less than `alpha`. */
function mixtureBoundary(count: number, alpha: number, horizon: number): number {
  // The parameter that makes the boundary narrowest at the horizon (same paper, on tuning the mixture).
  const rho2 = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / horizon
  const scale = count * rho2 + 1
  return Math.sqrt((2 * scale * Math.log(Math.sqrt(scale) / alpha)) / (count * count * rho2))
}
