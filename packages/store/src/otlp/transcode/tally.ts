import { raise } from '../../errors.ts'

/** An empty value is two bytes on the wire and a hundred in memory. */
const MOST_MESSAGES = 2_000_000

/** What is counted while a request is transcoded. */
export class Tally {
  /** Fields that the other encoding has no name for, those of a wrong type, and damaged ones. */
  lost = 0
  #messages = 0

  /** @throws {Trace2Error} `T2_OTLP_TOO_MANY` where the request would take a multiple of its size in memory. */
  takeMessage(): void {
    if (this.#messages++ < MOST_MESSAGES) return
    throw raise('T2_OTLP_TOO_MANY', `The request holds more than ${MOST_MESSAGES} messages.`)
  }
}
