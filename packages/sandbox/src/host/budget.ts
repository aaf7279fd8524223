import { raise } from '@trace2/source'
import type { Limits } from '../limits.ts'

/** What one call of changed code may still exchange with the program. */
export class Budget {
  readonly #limits: Limits
  #calls = 0
  #bytes = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @throws {Trace2Error} `T2_CODE_LIMIT` where the code called the program too often. */
  countCall(): void {
    this.#calls++
    const { calls } = this.#limits
    if (this.#calls > calls) {
      throw raise('T2_CODE_LIMIT', `The changed code called the program over ${calls} times.`)
    }
  }

  /** @throws {Trace2Error} `T2_CODE_LIMIT` where too much was exchanged. */
  counted(text: string): string {
    this.#bytes += text.length
    const { bytes } = this.#limits
    if (this.#bytes > bytes) {
      throw raise(
        'T2_CODE_LIMIT',
        `The changed code and the program exchanged over ${bytes} bytes.`,
      )
    }
    return text
  }
}
