import type { Json } from '@trace2/core'
import type { RunSummary, Store } from '@trace2/store'
import { isJsonObject } from '../files/jsonl.ts'
import { isTooDeep } from '../files/nesting.ts'

/**
 * What the first model call or agent inside each run was asked, by the run's id: instrumented web servers and scripts
 * record no input of their own.
 *
 * @param runs foreign runs.
 */
export async function askedInside(
  store: Pick<Store, 'sql'>,
  runs: readonly RunSummary[],
): Promise<ReadonlyMap<string, Json>> {
  const traces = new Set(
    runs.map(({ traceId }) => traceId).filter((id) => /^[0-9a-f]{32}$/.test(id)),
  )
  const asked = new Map<string, Json>()
  if (traces.size === 0) return asked
  const { rows } = await store.sql(queryFor([...traces]))
  const parents = new Map(
    rows.map(([trace, span, parent]) => [`${trace}:${span}`, `${trace}:${parent}`]),
  )
  // A run's id is its trace's where the trace has no other run: spans whose parents are missing belong to it, too.
  const owners = new Map<string, string>()
  for (const { id, traceId, spanId } of runs) owners.set(`${traceId}:${spanId}`, id)
  const alone = new Set(runs.flatMap(({ id, traceId }) => (id === traceId ? [id] : [])))
  for (const [trace, span, , input] of rows) {
    if (typeof input !== 'string' || isTooDeep(input)) continue
    const owner = alone.has(String(trace))
      ? String(trace)
      : ownerOf(`${trace}:${span}`, parents, owners)
    if (owner !== undefined && !asked.has(owner)) asked.set(owner, spokenOf(JSON.parse(input)))
  }
  return asked
}

/** The nearest run around a span; spans on the way are remembered, so that each is passed once. */
function ownerOf(
  span: string,
  parents: ReadonlyMap<string, string>,
  owners: Map<string, string>,
): string | undefined {
  const passed = new Set<string>()
  let at: string | undefined = span
  while (at !== undefined && !owners.has(at) && !passed.has(at)) {
    passed.add(at)
    at = parents.get(at)
  }
  const owner = at === undefined ? undefined : owners.get(at)
  for (const one of passed) owners.set(one, owner ?? '')
  return owner === '' ? undefined : owner
}

/** The text of a single message of a user; of a longer conversation all but its system prompt. */
function spokenOf(input: Json): Json {
  if (!Array.isArray(input)) return input
  const spoken = input.filter((message) => !isJsonObject(message) || message.role !== 'system')
  const [only] = spoken
  return spoken.length === 1 && isJsonObject(only) && typeof only.content === 'string'
    ? only.content
    : spoken
}

/** Only the first input of each parent is read: each call of a loop repeats the conversation so far. */
function queryFor(traces: readonly string[]): string {
  const list = traces.map((id) => `'${id}'`).join(', ')
  return `
    SELECT trace_id, span_id, parent_span_id,
      CASE WHEN speaks AND row_number() OVER (
        PARTITION BY trace_id, parent_span_id, speaks ORDER BY start_ns, span_id
      ) = 1 THEN input END
    FROM (
      SELECT trace_id, span_id, parent_span_id, start_ns, input::VARCHAR AS input,
        coalesce(dialect <> 'trace2' AND op_kind IN ('llm', 'agent') AND (
          (json_type(input) = 'VARCHAR' AND input::VARCHAR <> '""')
          OR (json_type(input) = 'OBJECT' AND input::VARCHAR <> '{}')
          OR (json_type(input) = 'ARRAY' AND list_contains(json_extract_string(input, '$[*].role'), 'user'))
        ), false) AS speaks
      FROM v_span WHERE trace_id IN (${list})
    )
    ORDER BY start_ns, span_id`
}
