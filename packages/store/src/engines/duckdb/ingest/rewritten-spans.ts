import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { SpanRef } from '@trace2/core'
import { spanTable } from '../tables/index.ts'
import { askOn, duringTraces } from './trace-times.ts'

/** Columns that are read from a span together with its notes; what was received is never changed. */
const derived = spanTable.columns.filter((column) => column.reread).map(({ name }) => name)

/** Makes the table in which spans are written again, empty, and forgets the parameter uses that they had. */
export async function emptyRewritten(
  connection: DuckDBConnection,
  spans: readonly SpanRef[],
): Promise<void> {
  await connection.run('CREATE OR REPLACE TEMP TABLE rewritten AS SELECT * FROM span LIMIT 0')
  const during = await duringTraces(
    askOn(connection),
    spans.map(({ traceId }) => traceId),
  )
  for (const table of ['parameter_use', 'unnamed_prompt']) {
    await connection.run(
      `DELETE FROM ${table} WHERE ${during} AND trace_id || span_id IN (SELECT unnest($1))`,
      [listValue(spans.map(({ traceId, spanId }) => traceId + spanId))],
      [LIST(VARCHAR)],
    )
  }
}

export async function applyRewritten(connection: DuckDBConnection): Promise<void> {
  const columns = derived.map((column) => `${column} = rewritten.${column}`).join(', ')
  await connection.run(
    `UPDATE span SET ${columns},
       attributes = whole_attributes(span.attributes, span.input, span.input_plain, span.output, span.output_plain)
     FROM rewritten
     WHERE span.trace_id = rewritten.trace_id AND span.span_id = rewritten.span_id`,
  )
  await connection.run('DROP TABLE rewritten')
}
