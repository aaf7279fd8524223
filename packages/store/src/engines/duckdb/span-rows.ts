import { attributesJson, type StandIn, writeAttributes } from '../../otlp/attribute-json.ts'
import type {
  ResourceRecord,
  ScopeRecord,
  SpanEvent,
  SpanLink,
  SpanRecord,
} from '../../otlp/model.ts'
import type { SpanRows } from '../../reading/rows.ts'
import type { Utf8Writer } from '../../utf8-writer.ts'
import type { RowBuffer } from './bulk/index.ts'
import type { ContentCollector } from './content.ts'
import { writeInput } from './span-inputs.ts'

/** Texts from this length on that a column has already are not written a second time. */
const LEAST_SHARED = 24

/**
 * Stand for an attribute's text that is in the column of that name. The blank sets them apart from anything that a
 * sender's own maps turn into. The macro `whole_attributes` puts the text in their place.
 */
const columnValue = {
  input: '{"columnValue": "input"}',
  output: '{"columnValue": "output"}',
}

function contentValue(content: ContentCollector, text: string): string | undefined {
  const hash = content.keepLong(text)
  return hash === undefined ? undefined : `{"contentValue":"${hash}"}`
}

/** Writes a span in the order of the columns of table `span`. */
export function writeSpan(
  row: RowBuffer,
  span: SpanRecord,
  { span: canonical, inputs }: Pick<SpanRows, 'span' | 'inputs'>,
  content: ContentCollector,
  receivedNs: bigint,
): void {
  const input = content.columns(canonical.input)
  const output = content.columns(canonical.output)
  row
    .text(span.traceId)
    .text(span.spanId)
    .text(span.parentSpanId ?? null)
  row.unsigned(span.startNs).unsigned(span.endNs).text(span.name).count(span.kind)
  row.text(span.traceState).count(span.flags).count(span.status.code).text(span.status.message)
  const longText: StandIn = (text) => contentValue(content, text)
  const shortText: StandIn = (text) => {
    if (text.length < LEAST_SHARED) return undefined
    if (input.json !== null && text === canonical.input?.text) return columnValue.input
    if (output.json !== null && text === canonical.output?.text) return columnValue.output
    return longText(text)
  }
  row.written((out) => writeAttributes(out, span.attributes, shortText))
  row.count(span.droppedAttributesCount)
  if (span.events.length === 0) row.text(null)
  else
    row.written((out) => writeList(out, span.events, (event) => writeEvent(out, event, longText)))
  row.count(span.droppedEventsCount)
  if (span.links.length === 0) row.text(null)
  else row.written((out) => writeList(out, span.links, (link) => writeLink(out, link, longText)))
  row.count(span.droppedLinksCount)
  row.text(resourceRef(span.resource, content)).text(scopeRef(span.scope, content))
  row.text(canonical.kind).text(canonical.dialect).text(canonical.op).text(canonical.opKind)
  row.text(canonical.description).text(canonical.sourceHash)
  row.text(input.json).text(input.ref).boolean(input.plain)
  row.text(output.json).text(output.ref).boolean(output.plain).text(canonical.outputHash)
  row.text(canonical.templates).text(canonical.callId)
  row.text(canonical.model).text(canonical.provider)
  row.unsigned(canonical.inputTokens).unsigned(canonical.outputTokens).double(canonical.costUsd)
  row.text(canonical.session).text(canonical.service)
  row.text(canonical.error).text(canonical.errorFrame).unsigned(receivedNs)
  if (inputs.length === 0) row.text(null)
  else row.written((out) => writeList(out, inputs, (input) => writeInput(out, input, content)))
}

function writeList<T>(out: Utf8Writer, items: readonly T[], write: (item: T) => void): void {
  let before = '['
  for (const item of items) {
    out.text(before)
    write(item)
    before = ','
  }
  out.text(']')
}

function writeEvent(out: Utf8Writer, event: SpanEvent, standIn: StandIn): void {
  out.text(`{"time_ns":${event.timeNs},"name":`).json(event.name).text(',"attributes":')
  writeAttributes(out, event.attributes, standIn)
  out.text(`,"dropped_attributes":${event.droppedAttributesCount}}`)
}

function writeLink(out: Utf8Writer, link: SpanLink, standIn: StandIn): void {
  out.text(`{"trace_id":"${link.traceId}","span_id":"${link.spanId}","trace_state":`)
  out.json(link.traceState).text(`,"flags":${link.flags},"attributes":`)
  writeAttributes(out, link.attributes, standIn)
  out.text(`,"dropped_attributes":${link.droppedAttributesCount}}`)
}

// One resource and one scope object serve all spans of a request; so do the text and the hash of each.
const shown = new WeakMap<object, { readonly hash: string; readonly text: string }>()

function resourceRef(resource: ResourceRecord, content: ContentCollector): string {
  return shared(resource, content, () => {
    const attributes = attributesJson(resource.attributes)
    return `{"schema_url":${JSON.stringify(resource.schemaUrl)},"attributes":${attributes}}`
  })
}

function scopeRef(scope: ScopeRecord, content: ContentCollector): string {
  return shared(scope, content, () => {
    const { name, version, schemaUrl } = scope
    const head = JSON.stringify({ name, version, schema_url: schemaUrl }).slice(0, -1)
    return `${head},"attributes":${attributesJson(scope.attributes)}}`
  })
}

function shared(key: object, content: ContentCollector, toText: () => string): string {
  const known = shown.get(key)
  if (known) {
    content.keepHashed(known.hash, known.text)
    return known.hash
  }
  const text = toText().toWellFormed()
  const hash = content.keep(text)
  shown.set(key, { hash, text })
  return hash
}
