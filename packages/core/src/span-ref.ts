/** Refers to one span. Both ids are lower-case hex: 32 and 16 digits. */
export interface SpanRef {
  /** Trace id: 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** Span id: 16 lower-case hexadecimal digits. */
  readonly spanId: string
}

/** What feedback is given to: a span, or a run as a whole where `spanId` is `null`. */
export interface FeedbackTarget {
  /** Trace id: 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** Span id: 16 lower-case hexadecimal digits. `null` means the run as a whole. */
  readonly spanId: string | null
}
