/** Work between two looks that is too little to keep memory for. */
const LITTLE = 1000
/** Work after which there is something to give back. */
const ENOUGH = 10_000

/** Tells when one who has worked has time to give memory back. Work is counted in spans, or what costs as much. */
export class Pause {
  #seen = 0
  /** Starting up leaves garbage as well. */
  #rested = -ENOUGH

  /**
   * To be asked at even intervals.
   *
   * @param work all that was done until now.
   */
  begins(work: number): boolean {
    const isQuiet = work - this.#seen < LITTLE
    this.#seen = work
    if (!isQuiet || work - this.#rested < ENOUGH) return false
    this.#rested = work
    return true
  }
}
