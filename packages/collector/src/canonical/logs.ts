/** What a log says of a span: an event of a name, its body (or, of an operation's details, its attributes) as JSON. */
export interface SpanNote {
  readonly traceId: string
  readonly spanId: string
  /** Nanoseconds since the Unix epoch, as a decimal number: notes of one span count in this order. */
  readonly timeNs: string
  readonly name: string
  /** JSON text. */
  readonly body: string
}
