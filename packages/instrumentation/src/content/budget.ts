import { mostRead } from './cut.ts'

/** Values that are looked at for one call, at most. */
const mostSteps = 8_192
/** What the inputs of a call may take together, as a multiple of what one value may. */
const mostValues = 16
/** Bytes that are hashed for one value. */
const mostHashed = 1024 * 1024
/** Keys that are listed in the time of a step. */
const keysPerStep = 8
const longestMs = 20
const stepsBetweenLooks = 256

/**
 * What recording one call may cost: values looked at, characters written, and time. Steps and characters decide; time
 * only ends what a method of the program (`toJSON`) or an object of very many members makes slow.
 */
export class Budget {
  #deadline: number | undefined
  #stepsLeft = mostSteps
  #charactersLeft: number
  #mostSteps = 0
  #hashed = 0
  #readLeft = 2 * mostRead
  /** Characters that the present value may take. */
  characters = 0
  /** Values looked at for the present value. */
  steps = 0

  constructor(maxValueLength: number) {
    this.#charactersLeft = mostValues * maxValueLength
  }

  /** Begins a value: it may cost half of the steps that are left, so that the next ones have some too. */
  begin(maxValueLength: number): void {
    this.#mostSteps = Math.ceil(this.#stepsLeft / 2)
    this.characters = this.room(maxValueLength)
    this.steps = 0
    this.#hashed = 0
  }

  /** Characters that a value may still take. */
  room(maxValueLength: number): number {
    return Math.min(maxValueLength, this.#charactersLeft)
  }

  /** Ends a value, which has taken so many characters. */
  end(characters: number): void {
    this.#stepsLeft = Math.max(0, this.#stepsLeft - this.steps)
    this.#charactersLeft = Math.max(0, this.#charactersLeft - characters)
  }

  /** Counts one value inside the present one; `false` where nothing is left for it. */
  step(): boolean {
    if (this.steps >= this.#mostSteps) return false
    this.steps++
    if (this.steps % stepsBetweenLooks === 0) this.look()
    return this.steps < this.#mostSteps
  }

  /** Counts that so many keys of an object were listed. */
  list(keys: number): void {
    this.steps = Math.min(this.#mostSteps, this.steps + Math.floor(keys / keysPerStep))
  }

  /** Whether so many bytes may still be hashed for the present value. */
  hash(bytes: number): boolean {
    if (this.#hashed + bytes > mostHashed) return false
    this.#hashed += bytes
    return true
  }

  /** Whether so many characters of a text that is too long may still be looked into, to cut it. */
  read(characters: number): boolean {
    if (characters > this.#readLeft) return false
    this.#readLeft -= characters
    return true
  }

  /** Ends what took too long; asked for after whatever may be slow. */
  look(): void {
    const now = performance.now()
    this.#deadline ??= now + longestMs
    if (now > this.#deadline) this.steps = this.#mostSteps
  }
}
