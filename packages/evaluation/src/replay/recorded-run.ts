import type { Json } from '@trace2/core'
import { type RecordedRun, recordedRunOf, type StoredSpan } from '@trace2/instrumentation/replay'
import type { Store } from '@trace2/store'

/** Options of {@link recordedRun}. */
export interface RecordedRunOptions {
  /** Returns the cost of a model call whose span does not tell it, in US dollars, or `null` if no price is known. */
  readonly priceOf?: (call: ModelUse) => number | null
}

/** A model call of which the price is asked. */
export interface ModelUse {
  /** Name of the model. */
  readonly model: string
  /** Tokens of the request. */
  readonly inputTokens: number
  /** Tokens of the answer. */
  readonly outputTokens: number
}

const columns = [
  'name',
  'span_id',
  'parent_span_id',
  'start_ns',
  'end_ns',
  'status_code',
  'attributes',
  'events',
  'resource',
  'dropped_attributes',
  'cost_usd',
  'model',
  'input_tokens',
  'output_tokens',
] as const

type Column = (typeof columns)[number]
type Row = { readonly [column in Column]: Json }

/**
 * Reads what a replay needs of a run from the store.
 *
 * @param reference the run, as {@link Store.findRun} takes it.
 * @throws what {@link Store.findRun} throws.
 */
export async function recordedRun(
  store: Store,
  reference: string,
  options: RecordedRunOptions = {},
): Promise<RecordedRun> {
  const { id, traceId, spanId } = await store.findRun(reference)
  // Ids of the store are hex digits; nothing else may become part of a query.
  if (!/^[0-9a-f]+$/.test(traceId)) return { run: id, root: null, calls: [] }
  const { rows } = await store.sql(
    `SELECT ${columns.join(', ')} FROM v_span WHERE trace_id = '${traceId}' ORDER BY start_ns, span_id`,
  )
  const spans = rows.map((row) => storedSpan(rowOf(row), options))
  return recordedRunOf(id, spans, spanId)
}

function rowOf(values: readonly Json[]): Row {
  // One value for each column that was asked for.
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? null])) as Row
}

function storedSpan(row: Row, options: RecordedRunOptions): StoredSpan {
  return {
    name: String(row.name),
    spanId: String(row.span_id),
    parentSpanId: row.parent_span_id === null ? null : String(row.parent_span_id),
    startNs: BigInt(String(row.start_ns)),
    endNs: BigInt(String(row.end_ns)),
    attributes: objectOf(row.attributes),
    events: eventsOf(row.events),
    isError: Number(row.status_code) === 2,
    droppedAttributes: Number(row.dropped_attributes),
    process: JSON.stringify(row.resource),
    costUsd: costOf(row, options),
    tokens: Number(row.input_tokens ?? 0) + Number(row.output_tokens ?? 0),
  }
}

function costOf(row: Row, { priceOf }: RecordedRunOptions): number | null {
  if (typeof row.cost_usd === 'number') return row.cost_usd
  if (!priceOf || typeof row.model !== 'string') return null
  return priceOf({
    model: row.model,
    inputTokens: Number(row.input_tokens ?? 0),
    outputTokens: Number(row.output_tokens ?? 0),
  })
}

function eventsOf(value: Json): StoredSpan['events'] {
  const events = parsed(value)
  if (!Array.isArray(events)) return []
  return events.map((event: unknown) => {
    const { name, attributes } = objectOf(event)
    return { name: String(name), attributes: objectOf(attributes) }
  })
}

/** A JSON column is text or already a value, as the store's engine has it. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

function objectOf(value: unknown): { readonly [name: string]: unknown } {
  const object = parsed(value)
  return typeof object === 'object' && object !== null && !Array.isArray(object)
    ? Object.fromEntries(Object.entries(object))
    : {}
}
