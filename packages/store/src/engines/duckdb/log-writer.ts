import { type DuckDBConnection, LIST, listValue, UBIGINT, VARCHAR } from '@duckdb/node-api'
import { type SpanRef, sha256 } from '@trace2/core'
import type { LogRecord } from '../../otlp/logs.ts'
import { rowsOfLogs, type SpanNote } from '../../reading/logs.ts'
import { upsertFeedback } from './feedback.ts'

/**
 * Writes what log records say of runs; the same records again change nothing.
 *
 * @returns the spans that there are notes of among the records.
 */
export async function writeLogs(
  connection: DuckDBConnection,
  records: readonly LogRecord[],
): Promise<SpanRef[]> {
  const { feedback, notes } = rowsOfLogs(records)
  await upsertFeedback(connection, feedback)
  if (notes.length > 0) await insertNotes(connection, notes)
  const noted = new Map(
    notes.map(({ traceId, spanId }) => [traceId + spanId, { traceId, spanId }] as const),
  )
  return [...noted.values()]
}

/** One statement for all: each costs about as much as a thousand rows. */
async function insertNotes(
  connection: DuckDBConnection,
  notes: readonly SpanNote[],
): Promise<void> {
  const column = (value: (note: SpanNote) => string | bigint) => listValue(notes.map(value))
  await connection.run(
    `INSERT OR IGNORE INTO span_note
     SELECT unnest($1), unnest($2), unnest($3), unnest($4), unnest($5), unnest($6)`,
    [
      column(({ traceId }) => traceId),
      column(({ spanId }) => spanId),
      column(({ timeNs }) => timeNs),
      column(({ name }) => name),
      column(({ body }) => sha256(body).slice(0, 16)),
      column(({ body }) => body),
    ],
    [LIST(VARCHAR), LIST(VARCHAR), LIST(UBIGINT), LIST(VARCHAR), LIST(VARCHAR), LIST(VARCHAR)],
  )
}

/** Notes of some spans, by trace id and span id together, oldest first. */
export async function readNotes(
  connection: DuckDBConnection,
  spans: readonly SpanRef[],
): Promise<Map<string, SpanNote[]>> {
  const found = new Map<string, SpanNote[]>()
  if (spans.length === 0) return found
  const result = await connection.runAndReadAll(
    `SELECT trace_id, span_id, time_ns::VARCHAR, name, body::VARCHAR FROM span_note
     WHERE span_id IN (SELECT unnest($1)) ORDER BY time_ns, rowid`,
    [listValue(spans.map(({ spanId }) => spanId))],
    [LIST(VARCHAR)],
  )
  for (const row of result.getRowsJson()) {
    const [traceId = '', spanId = '', timeNs = '0', name = '', body = 'null'] = row.map(String)
    const note = { traceId, spanId, timeNs: BigInt(timeNs), name, body }
    const known = found.get(traceId + spanId)
    if (known) known.push(note)
    else found.set(traceId + spanId, [note])
  }
  return found
}
