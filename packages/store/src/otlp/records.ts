/**
 * A decoded OTLP span, the same whatever encoding it came in. Ids are lower-case hex, times are nanoseconds since
 * the Unix epoch. Nothing is dropped: what Trace2 does not understand stays in `attributes`, `events`, `links`.
 */
export interface SpanRecord {
  readonly traceId: string
  readonly spanId: string
  /** `undefined` for a root span. */
  readonly parentSpanId: string | undefined
  readonly traceState: string
  readonly flags: number
  readonly name: string
  /** OTLP number: 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  readonly startNs: bigint
  readonly endNs: bigint
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
  readonly events: readonly SpanEvent[]
  readonly droppedEventsCount: number
  readonly links: readonly SpanLink[]
  readonly droppedLinksCount: number
  readonly status: { readonly code: number; readonly message: string }
  readonly resource: ResourceRecord
  readonly scope: ScopeRecord
}

export interface SpanEvent {
  readonly timeNs: bigint
  readonly name: string
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
}

export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly traceState: string
  readonly flags: number
  readonly attributes: Attributes
  readonly droppedAttributesCount: number
}

export interface ResourceRecord {
  readonly attributes: Attributes
  readonly schemaUrl: string
}

export interface ScopeRecord {
  readonly name: string
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
