import protobuf from 'protobufjs/minimal.js'
import { isList } from './attribute-json.ts'
import type { AnyValue, Attributes, SpanEvent, SpanLink, SpanRecord } from './records.ts'

type Writer = InstanceType<typeof protobuf.Writer>

const VARINT = 0
const FIXED64 = 1
const BYTES = 2
const FIXED32 = 5

/**
 * Encodes spans as an OTLP ExportTraceServiceRequest (protobuf), those with one resource and scope together.
 * Decoding gives equal records.
 */
export function encodeTraces(spans: readonly SpanRecord[]): Uint8Array {
  const writer = protobuf.Writer.create()
  for (const [resource, scopes] of grouped(spans)) {
    embed(writer, 1, () => {
      embed(writer, 1, () => attributes(writer, 1, resource.attributes))
      for (const [scope, members] of scopes) {
        embed(writer, 2, () => {
          embed(writer, 1, () => {
            text(writer, 1, scope.name)
            text(writer, 2, scope.version)
            attributes(writer, 3, scope.attributes)
          })
          for (const span of members) embed(writer, 2, () => writeSpan(writer, span))
          text(writer, 3, scope.schemaUrl)
        })
      }
      text(writer, 3, resource.schemaUrl)
    })
  }
  return writer.finish()
}

type Grouped = Map<SpanRecord['resource'], Map<SpanRecord['scope'], SpanRecord[]>>

function grouped(spans: readonly SpanRecord[]): Grouped {
  const resources: Grouped = new Map()
  for (const span of spans) {
    const scopes = resources.get(span.resource) ?? new Map<SpanRecord['scope'], SpanRecord[]>()
    resources.set(span.resource, scopes)
    const members = scopes.get(span.scope)
    if (members) members.push(span)
    else scopes.set(span.scope, [span])
  }
  return resources
}

function writeSpan(writer: Writer, span: SpanRecord): void {
  id(writer, 1, span.traceId)
  id(writer, 2, span.spanId)
  text(writer, 3, span.traceState)
  if (span.parentSpanId) id(writer, 4, span.parentSpanId)
  text(writer, 5, span.name)
  count(writer, 6, span.kind)
  time(writer, 7, span.startNs)
  time(writer, 8, span.endNs)
  attributes(writer, 9, span.attributes)
  count(writer, 10, span.droppedAttributesCount)
  for (const event of span.events) embed(writer, 11, () => writeEvent(writer, event))
  count(writer, 12, span.droppedEventsCount)
  for (const link of span.links) embed(writer, 13, () => writeLink(writer, link))
  count(writer, 14, span.droppedLinksCount)
  embed(writer, 15, () => {
    text(writer, 2, span.status.message)
    count(writer, 3, span.status.code)
  })
  flags(writer, 16, span.flags)
}

function writeEvent(writer: Writer, event: SpanEvent): void {
  time(writer, 1, event.timeNs)
  text(writer, 2, event.name)
  attributes(writer, 3, event.attributes)
  count(writer, 4, event.droppedAttributesCount)
}

function writeLink(writer: Writer, link: SpanLink): void {
  id(writer, 1, link.traceId)
  id(writer, 2, link.spanId)
  text(writer, 3, link.traceState)
  attributes(writer, 4, link.attributes)
  count(writer, 5, link.droppedAttributesCount)
  flags(writer, 6, link.flags)
}

function tag(writer: Writer, field: number, wire: number): Writer {
  return writer.uint32((field << 3) | wire)
}

function embed(writer: Writer, field: number, write: () => void): void {
  tag(writer, field, BYTES).fork()
  write()
  writer.ldelim()
}

function text(writer: Writer, field: number, value: string): void {
  if (value !== '') tag(writer, field, BYTES).string(value.toWellFormed())
}

function id(writer: Writer, field: number, hex: string): void {
  tag(writer, field, BYTES).bytes(Buffer.from(hex, 'hex'))
}

function count(writer: Writer, field: number, value: number): void {
  if (value !== 0) tag(writer, field, VARINT).uint32(value)
}

function flags(writer: Writer, field: number, value: number): void {
  if (value !== 0) tag(writer, field, FIXED32).fixed32(value)
}

function time(writer: Writer, field: number, ns: bigint): void {
  // Two halves, because the writer's own 64-bit numbers are exact to 53 bits only.
  tag(writer, field, FIXED64)
    .fixed32(Number(ns & 0xffff_ffffn))
    .fixed32(Number(ns >> 32n))
}

function attributes(writer: Writer, field: number, map: Attributes): void {
  for (const [key, value] of map) {
    embed(writer, field, () => {
      tag(writer, 1, BYTES).string(key.toWellFormed())
      embed(writer, 2, () => anyValue(writer, value))
    })
  }
}

function anyValue(writer: Writer, value: AnyValue): void {
  if (value === null) return
  switch (typeof value) {
    case 'string':
      tag(writer, 1, BYTES).string(value.toWellFormed())
      return
    case 'boolean':
      tag(writer, 2, VARINT).bool(value)
      return
    case 'bigint':
      tag(writer, 3, VARINT).int64(BigInt.asIntN(64, value).toString())
      return
    case 'number':
      tag(writer, 4, FIXED64).double(value)
      return
  }
  if (value instanceof Uint8Array) tag(writer, 7, BYTES).bytes(value)
  else if (isList(value)) {
    embed(writer, 5, () => {
      for (const item of value) embed(writer, 1, () => anyValue(writer, item))
    })
  } else embed(writer, 6, () => attributes(writer, 1, value))
}
