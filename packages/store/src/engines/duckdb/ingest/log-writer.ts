import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { SpanRef } from '@trace2/core'
import type { LogRecord } from '../../../otlp/index.ts'
import { rowsOfLogs, type SpanNote } from '../../../reading/index.ts'
import { upsertFeedback } from '../records/feedback.ts'
import { insertRows, reading, spanNoteTable } from '../tables/index.ts'

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
  await insertRows(connection, spanNoteTable, notes, 'OR IGNORE')
  const noted = new Map(
    notes.map(({ traceId, spanId }) => [traceId + spanId, { traceId, spanId }] as const),
  )
  return [...noted.values()]
}

const readNote = reading(spanNoteTable, ['trace_id', 'span_id', 'time_ns', 'name', 'body'])

/** Notes of some spans, by trace id and span id together, oldest first. */
export async function readNotes(
  connection: DuckDBConnection,
  spans: readonly SpanRef[],
): Promise<Map<string, SpanNote[]>> {
  const found = new Map<string, SpanNote[]>()
  if (spans.length === 0) return found
  const result = await connection.runAndReadAll(
    `SELECT ${readNote.select} FROM span_note
     WHERE span_id IN (SELECT unnest($1)) ORDER BY time_ns, rowid`,
    [listValue(spans.map(({ spanId }) => spanId))],
    [LIST(VARCHAR)],
  )
  for (const answer of result.getRowObjectsJson()) {
    const row = readNote.read(answer)
    const { trace_id: traceId, span_id: spanId, time_ns: timeNs, name, body } = row
    const note = { traceId, spanId, timeNs, name, body }
    const known = found.get(traceId + spanId)
    if (known) known.push(note)
    else found.set(traceId + spanId, [note])
  }
  return found
}
