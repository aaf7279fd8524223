import type { Json } from '@duckdb/node-api'
import type {
  ResourceRecord,
  ScopeRecord,
  SpanEvent,
  SpanLink,
  SpanRecord,
} from '../../../../otlp/index.ts'
import {
  attributesOf,
  type ExactJson,
  type FindText,
  isObject,
  parseExactJson,
  textOf,
  wholeOf,
} from './exact-json.ts'

/** What is read of `v_span`: everything that was received. What Trace2 made of it is made anew. */
export const spanColumns = [
  ...['trace_id', 'span_id', 'parent_span_id', 'trace_state', 'flags', 'name', 'span_kind'],
  ...['start_ns', 'end_ns', 'attributes::VARCHAR AS attributes', 'dropped_attributes'],
  ...['events::VARCHAR AS events', 'dropped_events', 'links::VARCHAR AS links', 'dropped_links'],
  ...['status_code', 'status_message'],
  ...['resource::VARCHAR AS resource', 'scope::VARCHAR AS scope'],
].join(', ')

/** Spans of one resource get one object: it is written once for all of them. */
export class ResourceReader {
  readonly #resources = new Map<string, ResourceRecord>()
  readonly #scopes = new Map<string, ScopeRecord>()

  resource(text: string): ResourceRecord {
    const known = this.#resources.get(text)
    if (known) return known
    const value = parseExactJson(text)
    const schemaUrl = textOf(member(value, 'schema_url')) ?? ''
    const resource = { attributes: attributesOf(member(value, 'attributes'), nothing), schemaUrl }
    return remember(this.#resources, text, resource)
  }

  scope(text: string): ScopeRecord {
    const known = this.#scopes.get(text)
    if (known) return known
    const value = parseExactJson(text)
    const words = (name: string) => textOf(member(value, name)) ?? ''
    return remember(this.#scopes, text, {
      name: words('name'),
      version: words('version'),
      attributes: attributesOf(member(value, 'attributes'), nothing),
      schemaUrl: words('schema_url'),
    })
  }
}

const MOST_REMEMBERED = 1000

function remember<T>(known: Map<string, T>, text: string, value: T): T {
  if (known.size >= MOST_REMEMBERED) known.clear()
  known.set(text, value)
  return value
}

/** Resources and scopes are written whole. */
const nothing: FindText = () => undefined

/** A span of a row of `v_span`. */
export function spanOf(
  row: Readonly<Record<string, Json>>,
  find: FindText,
  resources: ResourceReader,
): SpanRecord {
  const words = (name: string) => String(row[name] ?? '')
  const number = (name: string) => Number(row[name] ?? 0)
  return {
    traceId: words('trace_id'),
    spanId: words('span_id'),
    parentSpanId: words('parent_span_id') || undefined,
    traceState: words('trace_state'),
    flags: number('flags'),
    name: words('name'),
    kind: number('span_kind'),
    startNs: BigInt(words('start_ns')),
    endNs: BigInt(words('end_ns')),
    attributes: attributesOf(parsed(row.attributes), find),
    droppedAttributesCount: number('dropped_attributes'),
    events: listOf(row.events).map((event) => eventOf(event, find)),
    droppedEventsCount: number('dropped_events'),
    links: listOf(row.links).map((link) => linkOf(link, find)),
    droppedLinksCount: number('dropped_links'),
    status: { code: number('status_code'), message: words('status_message') },
    resource: resources.resource(words('resource') || '{}'),
    scope: resources.scope(words('scope') || '{}'),
  }
}

function eventOf(event: ExactJson, find: FindText): SpanEvent {
  return {
    timeNs: wholeOf(member(event, 'time_ns')),
    name: textOf(member(event, 'name')) ?? '',
    attributes: attributesOf(member(event, 'attributes'), find),
    droppedAttributesCount: Number(wholeOf(member(event, 'dropped_attributes'))),
  }
}

function linkOf(link: ExactJson, find: FindText): SpanLink {
  return {
    traceId: textOf(member(link, 'trace_id')) ?? '',
    spanId: textOf(member(link, 'span_id')) ?? '',
    traceState: textOf(member(link, 'trace_state')) ?? '',
    flags: Number(wholeOf(member(link, 'flags'))),
    attributes: attributesOf(member(link, 'attributes'), find),
    droppedAttributesCount: 0,
  }
}

function member(value: ExactJson | undefined, name: string): ExactJson | undefined {
  return isObject(value) ? value.get(name) : undefined
}

function parsed(text: Json | undefined): ExactJson | undefined {
  return typeof text === 'string' ? parseExactJson(text) : undefined
}

function listOf(text: Json | undefined): readonly ExactJson[] {
  const list = parsed(text)
  return Array.isArray(list) ? list : []
}
