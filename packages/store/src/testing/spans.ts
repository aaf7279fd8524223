import type { AnyValue, ResourceRecord, SpanLink, SpanRecord } from '../otlp/records.ts'

const traceStart = 1_790_000_000_000_000_000n

export interface SpanSketch {
  readonly trace?: string
  readonly id: string
  readonly parent?: string
  readonly name?: string
  /** Milliseconds after a fixed time. */
  readonly at?: number
  readonly attributes?: SketchAttributes
  readonly links?: readonly (Partial<SpanLink> & Pick<SpanLink, 'traceId' | 'spanId'>)[]
  readonly events?: readonly { readonly name: string; readonly attributes: SketchAttributes }[]
  readonly error?: string
  /** Attributes of its resource, beside the service's name. */
  readonly resource?: SketchAttributes
}

type SketchAttributes = Readonly<Record<string, AnyValue>>

export const traceId = (text: string) => text.padStart(32, '0')
export const spanId = (text: string) => text.padStart(16, '0')

const resource = { attributes: new Map([['service.name', 'test']]), schemaUrl: '' }
const scope = { name: 'test', version: '1', attributes: new Map(), schemaUrl: '' }

function resourceOf(attributes: SketchAttributes): ResourceRecord {
  return {
    ...resource,
    attributes: new Map([...resource.attributes, ...Object.entries(attributes)]),
  }
}

/** A span record of what matters to a test, everything else as an exporter would have it. */
export function span(sketch: SpanSketch): SpanRecord {
  const startNs = traceStart + BigInt(sketch.at ?? 0) * 1_000_000n
  return {
    traceId: traceId(sketch.trace ?? 'a'),
    spanId: spanId(sketch.id),
    parentSpanId: sketch.parent === undefined ? undefined : spanId(sketch.parent),
    traceState: '',
    flags: 1,
    name: sketch.name ?? sketch.id,
    kind: 1,
    startNs,
    endNs: startNs + 1_000_000n,
    attributes: new Map(Object.entries(sketch.attributes ?? {})),
    droppedAttributesCount: 0,
    events: [...(sketch.events ?? []), ...exceptionOf(sketch)].map(({ name, attributes }) => ({
      timeNs: startNs,
      name,
      attributes: new Map(Object.entries(attributes)),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 0,
    links: (sketch.links ?? []).map((link) => ({
      traceState: '',
      flags: 0,
      attributes: new Map(),
      droppedAttributesCount: 0,
      ...link,
    })),
    droppedLinksCount: 0,
    status: { code: sketch.error === undefined ? 0 : 2, message: sketch.error ?? '' },
    resource: sketch.resource ? resourceOf(sketch.resource) : resource,
    scope,
  }
}

function exceptionOf({ error }: SpanSketch): { name: string; attributes: SketchAttributes }[] {
  if (error === undefined) return []
  const attributes = { 'exception.type': 'Error', 'exception.message': error }
  return [{ name: 'exception', attributes }]
}
