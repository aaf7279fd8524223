import { setImmediate } from 'node:timers/promises'

/** Milliseconds after which whatever else the thread has to do comes first. */
const TURN_MS = 4

/** Lets the event loop turn in long work, and not at every step of it: a turn takes about as long as reading a few spans. */
export class Turn {
  #since = performance.now()

  /** Resolves at once, or after whatever else there was to do. */
  async end(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return
    await setImmediate()
    this.#since = performance.now()
  }
}
