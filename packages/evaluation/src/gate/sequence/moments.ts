/** How many values the belief about their variance is worth. */
const beliefWeight = 10

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

  /** The variance drawn towards a belief, which loses its weight as values come. Never 0 where the belief is not. */
  varianceGiven(belief: number): number {
    return (beliefWeight * belief + this.#squares) / (beliefWeight + this.#count)
  }
}
