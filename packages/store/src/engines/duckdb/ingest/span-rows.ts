import { attributesJson, writeAttributes } from '../../../otlp/attribute-json.ts'
import type { SpanEvent, SpanLink, SpanRecord } from '../../../otlp/records.ts'
import type { CanonicalSpan, InputRow, SpanRows } from '../../../reading/rows.ts'
import type { Utf8Writer } from '../../../utf8-writer.ts'
import type { WriteJson } from '../tables/column.ts'
import type { CapturedColumns, ContentCollector } from './content.ts'
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

/** What a row of table `span` is written of. */
export interface SpanSource {
  readonly record: SpanRecord
  readonly canonical: CanonicalSpan
  readonly inputs: readonly InputRow[]
  readonly input: CapturedColumns
  readonly output: CapturedColumns
  readonly content: ContentCollector
  readonly receivedNs: bigint
}

export function spanSource(
  record: SpanRecord,
  { span: canonical, inputs }: Pick<SpanRows, 'span' | 'inputs'>,
  content: ContentCollector,
  receivedNs: bigint,
): SpanSource {
  const input = content.columns(canonical.input)
  const output = content.columns(canonical.output)
  return { record, canonical, inputs, input, output, content, receivedNs }
}

export function writeSpanAttributes(
  out: Utf8Writer,
  { record, canonical, input, output, content }: SpanSource,
): void {
  writeAttributes(out, record.attributes, (text) => {
    if (text.length < LEAST_SHARED) return undefined
    if (input.json !== null && text === canonical.input?.text) return columnValue.input
    if (output.json !== null && text === canonical.output?.text) return columnValue.output
    return contentValue(content, text)
  })
}

function contentValue(content: ContentCollector, text: string): string | undefined {
  const hash = content.keepLong(text)
  return hash === undefined ? undefined : `{"contentValue":"${hash}"}`
}

export function eventsOf({ record: { events }, content }: SpanSource): WriteJson | null {
  return listOf(events, writeEvent, content)
}

export function linksOf({ record: { links }, content }: SpanSource): WriteJson | null {
  return listOf(links, writeLink, content)
}

export function inputsOf({ inputs, content }: SpanSource): WriteJson | null {
  return listOf(inputs, writeInput, content)
}

/** A list as JSON; none where it is empty. */
function listOf<T>(
  items: readonly T[],
  write: (out: Utf8Writer, item: T, content: ContentCollector) => void,
  content: ContentCollector,
): WriteJson | null {
  if (items.length === 0) return null
  return (out) => {
    let before = '['
    for (const item of items) {
      out.text(before)
      write(out, item, content)
      before = ','
    }
    out.text(']')
  }
}

function writeEvent(out: Utf8Writer, event: SpanEvent, content: ContentCollector): void {
  out.text(`{"time_ns":${event.timeNs},"name":`).json(event.name).text(',"attributes":')
  writeAttributes(out, event.attributes, (text) => contentValue(content, text))
  out.text(`,"dropped_attributes":${event.droppedAttributesCount}}`)
}

function writeLink(out: Utf8Writer, link: SpanLink, content: ContentCollector): void {
  out.text(`{"trace_id":"${link.traceId}","span_id":"${link.spanId}","trace_state":`)
  out.json(link.traceState).text(`,"flags":${link.flags},"attributes":`)
  writeAttributes(out, link.attributes, (text) => contentValue(content, text))
  out.text(`,"dropped_attributes":${link.droppedAttributesCount}}`)
}

// One resource and one scope object serve all spans of a request; so do the text and the hash of each.
const shown = new WeakMap<object, { readonly hash: string; readonly text: string }>()

export function resourceRef({ record: { resource }, content }: SpanSource): string {
  return shared(resource, content, () => {
    const attributes = attributesJson(resource.attributes)
    return `{"schema_url":${JSON.stringify(resource.schemaUrl)},"attributes":${attributes}}`
  })
}

export function scopeRef({ record: { scope }, content }: SpanSource): string {
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
