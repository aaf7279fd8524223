import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { sha256 } from '@trace2/instrumentation/semconv'
import { rowsOfLogs, type SpanNote } from '../../canonical/logs.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import { upsertFeedback } from './feedback.ts'
import type { SpanKey } from './stored-spans.ts'

/**
 * Writes what log records say of runs; the same records again change nothing.
 *
 * @returns the spans that there are notes of among the records.
 */
export async function writeLogs(
  connection: DuckDBConnection,
  records: readonly LogRecord[],
): Promise<SpanKey[]> {
  const { feedback, notes } = rowsOfLogs(records)
  await upsertFeedback(connection, feedback)
  const noted = new Map<string, SpanKey>()
  for (const { traceId, spanId, timeNs, name, body } of notes) {
    await connection.run(
      'INSERT OR IGNORE INTO span_note VALUES ($1, $2, $3::UBIGINT, $4, $5, $6)',
      [traceId, spanId, String(timeNs), name, sha256(body).slice(0, 16), body],
    )
    noted.set(traceId + spanId, { traceId, spanId })
  }
  return [...noted.values()]
}

/** Notes of some spans, by trace id and span id together, oldest first. */
export async function readNotes(
  connection: DuckDBConnection,
  spans: readonly SpanKey[],
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
