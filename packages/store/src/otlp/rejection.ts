import type { SpanRecord } from './records.ts'

/** How many spans of a request were good and how many not, with the reasons (the first few). */
export interface TakenTraces {
  readonly taken: number
  readonly rejected: number
  readonly errors: readonly string[]
}

export type TakeSpan = (span: SpanRecord) => void

/** Why one span cannot be taken; the rest of its request can. */
export class SpanRejection extends Error {
  override readonly name = 'SpanRejection'
}

/** Whether bytes are to blame: protobufjs says so by a RangeError or a plain Error. */
export function isUnreadable(error: unknown): error is Error {
  if (error instanceof SpanRejection || error instanceof RangeError) return true
  return error instanceof Error && error.constructor === Error
}

/** Values nested deeper than this make a span invalid: no producer means it, and it would exhaust the stack. */
export const MAX_DEPTH = 64

const MAX_ERRORS = 20

/** Collects the outcome of one request. */
export class Outcome<Item> {
  readonly errors: string[] = []
  taken = 0
  rejected = 0
  readonly #noun: string
  readonly #take: (item: Item) => void

  /**
   * @param noun what a record is called in messages.
   * @param take gets each good record as soon as it is decoded.
   */
  constructor(noun: string, take: (item: Item) => void) {
    this.#noun = noun
    this.#take = take
  }

  /** Decodes one record, so that its failure costs only itself. */
  attempt(decode: () => Item): void {
    let item: Item
    try {
      item = decode()
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.rejected++
      const message = `${this.#noun} ${this.taken + this.rejected}: ${error.message}`
      if (this.errors.length < MAX_ERRORS) this.errors.push(message)
      return
    }
    this.taken++
    this.#take(item)
  }
}
