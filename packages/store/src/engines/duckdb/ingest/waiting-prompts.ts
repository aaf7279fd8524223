import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { number, text } from '../row.ts'

/** Prompts that are looked at together. */
export const PROMPTS_AT_ONCE = 4_096

/** Of each trace that was heard of, so many are looked at first. */
export const LATEST = 256

export const latestOfEach = `WHERE trace_id IN (SELECT unnest($1))
  QUALIFY row_number() OVER (PARTITION BY trace_id ORDER BY start_ns DESC) <= ${LATEST}
  ORDER BY start_ns`
export const allOfOne = 'WHERE trace_id IN (SELECT unnest($1)) ORDER BY start_ns'

/** Traces of which the latest prompts are looked at in one go. */
export function* together(waiting: ReadonlyMap<string, number>): Generator<readonly string[]> {
  let some: string[] = []
  let prompts = 0
  for (const [traceId, count] of waiting) {
    const more = Math.min(count, LATEST)
    if (prompts + more > PROMPTS_AT_ONCE) {
      yield some
      some = []
      prompts = 0
    }
    some.push(traceId)
    prompts += more
  }
  if (some.length > 0) yield some
}

/** How many prompts of each of some traces wait, where any do. */
export async function waitingIn(
  connection: DuckDBConnection,
  traceIds: readonly string[],
): Promise<Map<string, number>> {
  if (traceIds.length === 0) return new Map()
  const answer = await connection.runAndReadAll(
    `SELECT trace_id, count(*) AS waiting FROM unnamed_prompt WHERE trace_id IN (SELECT unnest($1))
     GROUP BY trace_id ORDER BY min(start_ns)`,
    [listValue([...traceIds])],
    [LIST(VARCHAR)],
  )
  return new Map(
    answer.getRowObjectsJson().map((row) => [text(row, 'trace_id'), number(row, 'waiting')]),
  )
}
