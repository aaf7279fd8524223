import { counted, formatCount } from '@trace2/core'
import { spanNodeId } from '../../../graph/parts.ts'
import type { Database } from '../database.ts'
import { askIn, duringTraces } from '../ingest/trace-times.ts'
import { number, text } from '../row.ts'
import { sql } from '../sql.ts'
import { partsOf, type StoredTrace } from './graph-parts.ts'
import { GRAPH_SPANS } from './graph-span.ts'
import { spansOf } from './packed-traces.ts'
import { StoredPrompts } from './stored-prompts.ts'

/**
 * The beginning of a run whose trace is too large to be read: its own span, and the first of the others in order of their
 * start, of a run among several those from its own start on.
 *
 * @param run complete id of it.
 * @param most spans at most.
 * @returns nothing where the trace has no such run.
 */
export async function readBeginning(
  database: Database,
  run: string,
  most: number,
): Promise<StoredTrace | undefined> {
  const [traceId = '', spanId = ''] = run.split(':')
  const during = await duringTraces(askIn(database), [traceId])
  const [head] = await database.rows(
    `WITH own AS MATERIALIZED (
      SELECT span_id, parent_span_id, kind = 'run' AS is_run, start_ns FROM span
      WHERE ${sql('is-operator')} AND ${during} AND trace_id = $1
    ),
    runs AS (SELECT count(*) AS count FROM own WHERE is_run)
    SELECT span_id, start_ns FROM own
    WHERE CASE WHEN (SELECT count FROM runs) > 1 THEN is_run AND span_id = $2 ELSE $2 = '' END
    ORDER BY CASE
      WHEN is_run THEN 0
      WHEN parent_span_id IS NULL THEN 1
      WHEN parent_span_id NOT IN (SELECT span_id FROM own) THEN 2
      ELSE 3
    END, start_ns, span_id
    LIMIT 1`,
    [traceId, spanId],
  )
  if (!head) return undefined
  const output = text(head, 'span_id')
  const since = spanId === '' ? 0n : BigInt(text(head, 'start_ns'))
  const among = `${sql('is-operator')} AND ${during} AND trace_id = $1 AND start_ns >= ${since}::UBIGINT`
  const [size = {}] = await database.rows(`SELECT count(*) AS spans FROM span WHERE ${among}`, [
    traceId,
  ])
  const rows = await database.rows(
    `${GRAPH_SPANS} AND ${among} ORDER BY span_id = $2 DESC, start_ns, span_id LIMIT ${most}`,
    [traceId, output],
  )
  const stored = (await spansOf(rows, [traceId])).get(traceId) ?? []
  const prompts = new StoredPrompts(database, [traceId], during)
  const complete = await prompts.addedTo(new Map([[traceId, stored]]))
  const [found] = (await partsOf(database, complete)).values()
  if (!found) return undefined
  const read = new Set(stored.map((span) => span.spanId))
  const parents = stored.flatMap(({ parent }) =>
    parent === null || read.has(parent) ? [] : [spanNodeId(traceId, parent)],
  )
  const left = number(size, 'spans') - stored.length
  const parts = found.parts()
  const leftOut = [
    ...parts.leftOut,
    `${counted(left, 'span')} of ${formatCount(number(size, 'spans'))} that started last. A larger limit (--max-spans) takes longer.`,
  ]
  // Whether what is not read is stored is not asked: the graph says that there is more.
  const own = spanNodeId(traceId, '')
  const [unread, absent] = [true, false].map((isOwn) =>
    found.absent.filter((id) => id.startsWith(own) === isOwn),
  )
  return {
    parts: () => ({ ...parts, leftOut }),
    absent: absent ?? [],
    runs: new Map([[run, output]]),
    unread: new Set([...(unread ?? []), ...parents]),
  }
}
