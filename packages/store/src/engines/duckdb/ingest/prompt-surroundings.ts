import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { SpanRef } from '@trace2/core'
import type { SpanPlace } from '../../../reading/index.ts'
import { text, textOrNull } from '../row.ts'
import { askOn, duringTraces } from './trace-times.ts'

/** What is around the calls whose prompts wait, and when it came. */
export interface PromptSurroundings {
  readonly find: (traceId: string, spanId: string) => SpanPlace | undefined
  /** When the latest span of a trace was stored; `undefined` where it has none any more. */
  readonly heardNs: (traceId: string) => bigint | undefined
}

/** The spans around some. */
export async function surroundingsOf(
  connection: DuckDBConnection,
  spans: readonly SpanRef[],
): Promise<PromptSurroundings> {
  const ids = spans.map(({ traceId }) => traceId)
  const during = await duringTraces(askOn(connection), ids)
  const answer = await connection.runAndReadAll(
    `WITH RECURSIVE waiting AS MATERIALIZED (SELECT unnest($1) AS trace_id, unnest($2) AS span_id),
     place AS MATERIALIZED (
       SELECT trace_id, span_id, parent_span_id, op, op_kind, kind,
         max(received_ns) OVER (PARTITION BY trace_id) AS heard_ns
       FROM span
       WHERE ${during} AND trace_id IN (SELECT trace_id FROM waiting)
     ),
     around AS (
       SELECT trace_id, span_id FROM waiting
       UNION
       SELECT place.trace_id, place.parent_span_id FROM around JOIN place USING (trace_id, span_id)
       WHERE place.parent_span_id IS NOT NULL
     ),
     named AS (
       SELECT trace_id, span_id, json_group_object(version, name)::VARCHAR AS named FROM parameter_use
       WHERE ${during} AND role IS NULL AND (trace_id, span_id) IN (SELECT (trace_id, span_id) FROM around)
       GROUP BY ALL
     )
     SELECT place.*, named.named FROM around JOIN place USING (trace_id, span_id)
     LEFT JOIN named USING (trace_id, span_id)`,
    [listValue(ids), listValue(spans.map(({ spanId }) => spanId))],
    [LIST(VARCHAR), LIST(VARCHAR)],
  )
  const places = new Map<string, SpanPlace>()
  const heard = new Map<string, bigint>()
  for (const row of answer.getRowObjectsJson()) {
    const named = textOrNull(row, 'named')
    heard.set(text(row, 'trace_id'), BigInt(text(row, 'heard_ns')))
    places.set(text(row, 'trace_id') + text(row, 'span_id'), {
      op: text(row, 'op'),
      opKind: textOrNull(row, 'op_kind'),
      kind: text(row, 'kind'),
      parent: textOrNull(row, 'parent_span_id'),
      named: named === null ? undefined : new Map(Object.entries(JSON.parse(named))),
    })
  }
  return {
    find: (traceId, spanId) => places.get(traceId + spanId),
    heardNs: (traceId) => heard.get(traceId),
  }
}
