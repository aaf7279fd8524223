/** Variance that values in [0, 1] are taken to have before any is seen, and how many values this belief is worth. */
const believedVariance = 1 / 16
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

  /** Variance of values in [0, 1], drawn towards a belief that loses its weight as values come. Never 0. */
  get shrunkVariance(): number {
    return (beliefWeight * believedVariance + this.#squares) / (beliefWeight + this.#count)
  }
}
