import { ConfidenceSequence } from './confidence-sequence.ts'
import { Moments } from './moments.ts'

export interface SelfScaledOptions {
  readonly alphaLower: number
  readonly alphaUpper: number
  /** Number of values that are planned. */
  readonly horizon: number
  /** How many units a value counts at most, either way. */
  readonly reach: number
}

/** Values whose units say how large values are; no bet is placed on them. */
const measuring = 5

/**
 * Confidence sequence for a mean whose scale nobody has declared. The units of the first values say what is large; as
 * nothing is bet on those, the limits hold as if the scale had been declared. A value counts `reach` units at most.
 */
export class SelfScaledSequence {
  readonly #reach: number
  readonly #units = new Moments()
  readonly #sequence: ConfidenceSequence
  #beyond = 0

  constructor(options: SelfScaledOptions) {
    const { reach } = options
    this.#reach = reach
    this.#sequence = new ConfidenceSequence({
      ...options,
      low: -reach,
      high: reach,
      critical: [0],
      resolution: 200,
    })
  }

  /** @param unit what the value is measured in, at least 0. */
  add(value: number, unit: number): void {
    if (this.#units.count < measuring || this.#units.mean === 0) {
      this.#units.add(unit)
      return
    }
    const reach = this.#reach
    const scaled = value / this.#units.mean
    if (scaled > reach) this.#beyond++
    this.#sequence.add(Math.min(Math.max(scaled, -reach), reach))
  }

  /** In units. */
  get lower(): number {
    return this.#sequence.lower
  }

  get upper(): number {
    return this.#sequence.upper
  }

  /** Values that were greater than what they count: where there are any, the mean may be greater too. */
  get beyond(): number {
    return this.#beyond
  }
}
