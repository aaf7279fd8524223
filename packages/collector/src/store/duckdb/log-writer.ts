import type { DuckDBConnection } from '@duckdb/node-api'
import { rowsOfLogs } from '../../canonical/log-rows.ts'
import type { LogRecord } from '../../otlp/logs.ts'
import { upsertFeedback } from './feedback.ts'

/** Writes what log records say of runs; the same records again change nothing. */
export async function writeLogs(
  connection: DuckDBConnection,
  records: readonly LogRecord[],
): Promise<void> {
  const { feedback, messages } = rowsOfLogs(records)
  await upsertFeedback(connection, feedback)
  for (const { traceId, spanId, timeNs, input, output } of messages) {
    await connection.run(
      `INSERT INTO span_message (trace_id, span_id, time_ns, input, output)
       VALUES ($1, $2, $3::UBIGINT, $4, $5)
       ON CONFLICT DO UPDATE SET
         input = coalesce(excluded.input, input), output = coalesce(excluded.output, output)`,
      [traceId, spanId, String(timeNs), input, output],
    )
  }
}
