import { LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { PartialEdge } from '../../graph/parts.ts'
import type { Database } from './database.ts'
import type { LongTexts, StoredSpan } from './graph-span.ts'
import { text } from './row.ts'
import { sql } from './sql.ts'

/**
 * Edges by the texts that passed from span to span, of each trace that has spans of a stranger: our own say where their
 * inputs come from. The search is the database's, on threads of its own; the long texts are given to it, since it would
 * look through all of them.
 */
export async function readTextEdges(
  database: Database,
  spans: ReadonlyMap<string, readonly StoredSpan[]>,
  during: string,
  texts: LongTexts,
): Promise<Map<string, PartialEdge[]>> {
  const foreign = [...spans].filter(([, of]) => of.some(({ node }) => node.dialect !== 'trace2'))
  const edges = new Map(foreign.map(([traceId]): [string, PartialEdge[]] => [traceId, []]))
  if (foreign.length === 0) return edges
  const used = new Map<string, string>()
  for (const { ref } of foreign.flatMap(([, of]) => of.flatMap((s) => [s.input, s.output]))) {
    const long = ref === null ? undefined : texts.get(ref)
    if (ref !== null && long !== undefined) used.set(ref, long)
  }
  const rows = await database.rows(
    `WITH span AS MATERIALIZED (
      SELECT trace_id, span_id, parent_span_id, kind, dialect, op_kind, call_id, input, input_ref, input_plain, output,
        output_ref, output_plain
      FROM main.span
      WHERE ${during} AND trace_id IN (SELECT unnest($1::VARCHAR[]))
    ),
    content AS MATERIALIZED (SELECT unnest($2::VARCHAR[]) AS hash, unnest($3::VARCHAR[]) AS text)
    SELECT * FROM (${sql('edge-text')})`,
    [edges.keys(), used.keys(), used.values()].map((texts) => listValue([...texts])),
    [LIST(VARCHAR), LIST(VARCHAR), LIST(VARCHAR)],
  )
  for (const row of rows) {
    edges.get(text(row, 'trace_id'))?.push({
      from: text(row, 'from_id'),
      to: text(row, 'to_id'),
      role: text(row, 'role'),
      pointer: '',
      how: 'text',
    })
  }
  return edges
}
