import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { SpanRef } from '@trace2/core'
import { parseWithIds } from '../../../json-numbers.ts'
import type { AnyValue, Attributes, SpanEvent, SpanLink, SpanRecord } from '../../../otlp/index.ts'
import { readIn } from '../read-in.ts'
import { reading, spanTable } from '../tables/index.ts'
import { askOn, duringTraces } from './trace-times.ts'

const received = reading(spanTable, [
  ...(['trace_id', 'span_id', 'parent_span_id', 'name', 'start_ns', 'end_ns'] as const),
  ...(['status_code', 'status_message', 'events', 'links'] as const),
])

/** Stored spans among the keys, as far as reading their meaning needs: integers and doubles may change places. */
export async function readStoredSpans(
  connection: DuckDBConnection,
  keys: readonly SpanRef[],
): Promise<SpanRecord[]> {
  const during = await duringTraces(
    askOn(connection),
    keys.map((key) => key.traceId),
  )
  const result = await connection.runAndReadAll(
    `SELECT ${received.select}, content.text AS resource,
       whole_attributes(attributes, input, input_plain, output, output_plain)::VARCHAR AS attributes
     FROM span LEFT JOIN content ON content.hash = span.resource_ref
     WHERE ${during} AND span.trace_id IN (SELECT unnest($1)) AND span.span_id IN (SELECT unnest($2))`,
    [listValue(keys.map((key) => key.traceId)), listValue(keys.map((key) => key.spanId))],
    [LIST(VARCHAR), LIST(VARCHAR)],
  )
  const rows = result.getRowObjectsJson()
  const texts = rows.map((row) => `${row.attributes} ${row.events} ${row.links}`).join(' ')
  const contents = await contentsIn(connection, texts)
  return rows.map((answer) => {
    const row = received.read(answer)
    const resource = parse(answer.resource)
    const attributes = (value: unknown) => attributesOf(value, contents)
    return {
      traceId: row.trace_id,
      spanId: row.span_id,
      parentSpanId: row.parent_span_id ?? undefined,
      traceState: '',
      flags: 0,
      name: row.name,
      kind: 0,
      startNs: row.start_ns,
      endNs: row.end_ns,
      attributes: attributes(parse(answer.attributes)),
      droppedAttributesCount: 0,
      events: listOf(parse(row.events)).map(
        (event): SpanEvent => ({
          timeNs: 0n,
          name: String(member(event, 'name')),
          attributes: attributes(member(event, 'attributes')),
          droppedAttributesCount: 0,
        }),
      ),
      droppedEventsCount: 0,
      links: listOf(parse(row.links)).map(
        (link): SpanLink => ({
          traceId: String(member(link, 'trace_id')),
          spanId: String(member(link, 'span_id')),
          traceState: '',
          flags: 0,
          attributes: attributes(member(link, 'attributes')),
          droppedAttributesCount: 0,
        }),
      ),
      droppedLinksCount: 0,
      status: { code: row.status_code, message: row.status_message },
      resource: {
        attributes: attributes(member(resource, 'attributes')),
        schemaUrl: String(member(resource, 'schema_url') ?? ''),
      },
      scope: { name: '', version: '', attributes: new Map(), schemaUrl: '' },
    }
  })
}

async function contentsIn(
  connection: DuckDBConnection,
  texts: string,
): Promise<Map<string, string>> {
  const found = texts.matchAll(/"contentValue":"([0-9a-f]{64})"/g)
  const hashes = [...new Set(Array.from(found, ([, hash]) => String(hash)))]
  const within = {
    rows: async (query: string, values: readonly string[]) =>
      (await connection.runAndReadAll(query, [...values])).getRowObjectsJson(),
  }
  const rows = await readIn(within, 'SELECT hash, text FROM content WHERE hash', hashes)
  return new Map(rows.map(({ hash, text }) => [String(hash), String(text)]))
}

/** The inverse of `attributesJson`. */
function attributesOf(value: unknown, contents: ReadonlyMap<string, string>): Attributes {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  return new Map(entries.map(([key, of]) => [key, anyValueOf(of, contents)]))
}

function anyValueOf(value: unknown, contents: ReadonlyMap<string, string>): AnyValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.map((item) => anyValueOf(item, contents))
  const content = member(value, 'contentValue')
  if (content !== undefined) return contents.get(String(content)) ?? null
  const double = member(value, 'doubleValue')
  if (double !== undefined) return Number(double)
  const bytes = member(value, 'bytesValue')
  if (bytes !== undefined) return Uint8Array.from(Buffer.from(String(bytes), 'base64'))
  return attributesOf(member(value, 'kvlistValue') ?? value, contents)
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function parse(text: unknown): unknown {
  return typeof text === 'string' ? parseWithIds(text) : undefined
}
