/** Values that are looked at for one call, at most. */
const mostSteps = 16_384
/** What the inputs of a call may take together, as a multiple of what one value may. */
const mostValues = 16
/** Bytes that are hashed for one value. */
const mostHashed = 1024 * 1024
const longestMs = 20
const stepsBetweenLooks = 256

/**
 * What recording one call may cost: values looked at, characters written, and time. Steps and characters decide; time
 * only ends what a method of the program (`toJSON`) or an object of very many members makes slow.
 */
export class Budget {
  readonly #deadline = performance.now() + longestMs
  #steps = mostSteps
  #characters: number

  constructor(maxValueLength: number) {
    this.#characters = mostValues * maxValueLength
  }

  /** What one of several values may cost: half of the steps that are left, so that the next ones have some too. */
  share(maxValueLength: number): Allowance {
    return new Allowance(
      this,
      Math.ceil(this.#steps / 2),
      Math.min(maxValueLength, this.#characters),
    )
  }

  /** Takes what one value has cost. */
  spend(steps: number, characters: number): void {
    this.#steps = Math.max(0, this.#steps - steps)
    this.#characters = Math.max(0, this.#characters - characters)
  }

  /** Characters that may still be written for this call. */
  get characters(): number {
    return this.#characters
  }

  get isLate(): boolean {
    return performance.now() > this.#deadline
  }
}

/** What writing one value may cost. */
export class Allowance {
  /** Values looked at so far. */
  steps = 0
  readonly #budget: Budget
  readonly #mostSteps: number
  #hashed = 0
  /** Characters that may be written in all. */
  readonly characters: number

  constructor(budget: Budget, mostSteps: number, characters: number) {
    this.#budget = budget
    this.#mostSteps = mostSteps
    this.characters = characters
  }

  /** Counts one value; `false` where nothing is left for it. */
  step(): boolean {
    if (this.steps >= this.#mostSteps) return false
    this.steps++
    if (this.steps % stepsBetweenLooks === 0) this.look()
    return this.steps < this.#mostSteps
  }

  /** Whether so many bytes may still be hashed for this value. */
  hash(bytes: number): boolean {
    if (this.#hashed + bytes > mostHashed) return false
    this.#hashed += bytes
    return true
  }

  /** Ends what took too long; asked for after whatever may be slow. */
  look(): void {
    if (this.#budget.isLate) this.steps = Number.POSITIVE_INFINITY
  }
}
