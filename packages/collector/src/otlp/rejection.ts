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

/** Values nested deeper than this make a span invalid: no producer means it, and it would exhaust the stack. */
export const MAX_DEPTH = 64

const MAX_ERRORS = 20

/** Collects the outcome of one request. */
export class Outcome {
  readonly spans: SpanRecord[] = []
  readonly errors: string[] = []
  rejected = 0

  /** Decodes one span, so that its failure costs only itself. */
  attempt(decode: () => SpanRecord): void {
    try {
      this.spans.push(decode())
    } catch (error) {
      if (!(error instanceof SpanRejection || error instanceof RangeError)) throw error
      this.rejected++
      const message = `span ${this.spans.length + this.rejected}: ${error.message}`
      if (this.errors.length < MAX_ERRORS) this.errors.push(message)
    }
  }
}
