/**
 * A decoded OTLP span, the same whatever encoding it came in. Ids are lower-case hex, times are nanoseconds since
 * the Unix epoch. Nothing is dropped: what Trace2 does not understand stays in `attributes`, `events`, `links`.
 */
export interface SpanRecord {
  /** Trace id: 32 lower-case hexadecimal digits. */
  readonly traceId: string
  /** Span id: 16 lower-case hexadecimal digits. */
  readonly spanId: string
  /** `undefined` for a root span. */
  readonly parentSpanId: string | undefined
  /** W3C trace state. Empty if there is none. */
  readonly traceState: string
  /** OTLP flags: the W3C trace flags in the lowest eight bits. */
  readonly flags: number
  readonly name: string
  /** OTLP number: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  /** When the span started, in nanoseconds since the Unix epoch. */
  readonly startNs: bigint
  /** When the span ended, in nanoseconds since the Unix epoch. */
  readonly endNs: bigint
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
  readonly events: readonly SpanEvent[]
  readonly droppedEventsCount: number
  readonly links: readonly SpanLink[]
  readonly droppedLinksCount: number
  /** OTLP status. `code` is 0 unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message: string }
  readonly resource: ResourceRecord
  readonly scope: ScopeRecord
}

/** An event of a span. */
export interface SpanEvent {
  /** When it happened, in nanoseconds since the Unix epoch. */
  readonly timeNs: bigint
  readonly name: string
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
}

/** A link from a span to another span. */
export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly traceState: string
  readonly flags: number
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
}

/** The program that recorded a span. */
export interface ResourceRecord {
  readonly attributes: Attributes
  readonly schemaUrl: string
}

/** The instrumentation that recorded a span. */
export interface ScopeRecord {
  /** Name of the instrumentation. */
  readonly name: string
  /** Version of the instrumentation. Empty if it is unknown. */
  readonly version: string
  readonly attributes: Attributes
  readonly schemaUrl: string
}

/** A Map, because attribute keys come from strangers (`__proto__`) and keep their order. */
export type Attributes = ReadonlyMap<string, AnyValue>

/** OTLP's AnyValue. A 64-bit integer is a `bigint`, a double a `number`: the two stay distinguishable. */
export type AnyValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly AnyValue[]
  | Attributes
