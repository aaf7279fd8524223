/** Refers to one span. Both ids are lower-case hex: 32 and 16 digits. */
export interface SpanRef {
  readonly traceId: string
  readonly spanId: string
}

/** What feedback is given to: a span, or a run as a whole where `spanId` is `null`. */
export interface FeedbackTarget {
  readonly traceId: string
  readonly spanId: string | null
}
