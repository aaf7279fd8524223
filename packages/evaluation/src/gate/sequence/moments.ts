/** How many values a belief about their variance is worth where bets rest on it. */
const usualWeight = 10

/** Mean and variance of a growing list of values (Welford's recurrence), in constant memory. */
export class Moments {
  #count = 0
  #mean = 0
  #squares = 0

  add(value: number): void {
    this.#count++
    const step = value - this.#mean
    this.#mean += step / this.#count
    this.#squares += step * (value - this.#mean)
  }

  get count(): number {
    return this.#count
  }

  get mean(): number {
    return this.#mean
  }

  /** Unbiased; 0 for fewer than two values. */
  get variance(): number {
    return this.#count < 2 ? 0 : this.#squares / (this.#count - 1)
  }

  /**
   * The variance drawn towards a belief, which loses its weight as values come. Never 0 where the belief is not.
   *
   * @param weight how many values the belief is worth.
   */
  varianceGiven(belief: number, weight: number = usualWeight): number {
    return (weight * belief + this.#squares) / (weight + this.#count)
  }
}
