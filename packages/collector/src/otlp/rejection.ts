import type { SpanRecord } from './model.ts'

/** A request decoded: the good spans, and how many were rejected with the reasons (the first few). */
export interface DecodedTraces {
  readonly spans: SpanRecord[]
  readonly rejected: number
  readonly errors: string[]
}

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
  readonly records: Item[] = []
  readonly errors: string[] = []
  rejected = 0
  readonly #noun: string

  /** @param noun what a record is called in messages. */
  constructor(noun: string) {
    this.#noun = noun
  }

  /** Decodes one record, so that its failure costs only itself. */
  attempt(decode: () => Item): void {
    try {
      this.records.push(decode())
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.rejected++
      const message = `${this.#noun} ${this.records.length + this.rejected}: ${error.message}`
      if (this.errors.length < MAX_ERRORS) this.errors.push(message)
    }
  }
}
