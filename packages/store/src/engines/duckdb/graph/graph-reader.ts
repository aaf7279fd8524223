import { setImmediate } from 'node:timers/promises'
import { listValue } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import { type AssembleOptions, assemble } from '../../../graph/assemble.ts'
import type { NodeId, RunGraph } from '../../../graph/graph.ts'
import type { GraphParts } from '../../../graph/parts.ts'
import { type JoinedTraces, joinTraces } from '../../../graph/upstream.ts'
import type { GraphOptions } from '../../../store.ts'
import type { Database } from '../database.ts'
import { askIn, duringTraces } from '../ingest/trace-times.ts'
import { findRun } from '../query/runs.ts'
import { text } from '../row.ts'
import { readTraces, type StoredTrace } from './graph-parts.ts'
import { followLinks } from './linked-traces.ts'

/** How many spans of other traces are read at most when links are followed, where the caller does not say. */
const MAX_LINKED_SPANS = 50_000

/** How many runs are read by one set of queries: planning them costs more than reading another run. */
const RUNS_AT_ONCE = 128

export async function readGraph(
  database: Database,
  reference: string,
  options: GraphOptions = {},
): Promise<RunGraph> {
  const [exact] = await foundRuns(database, [reference], options)
  if (exact) return assemble(exact.parts, exact.how)
  // No complete id: the beginning of one, or of none.
  const [found] = await foundRuns(database, [(await findRun(database, reference)).id], options)
  if (!found) throw raise('T2_RUN_UNKNOWN', `There is no run ${reference}.`)
  return assemble(found.parts, found.how)
}

/** Graphs of many runs, in the order asked for. What comes before an unknown run in the list is not lost to it. */
export async function* readGraphs(
  database: Database,
  references: readonly string[],
  options: GraphOptions = {},
): AsyncIterable<RunGraph> {
  const load = (from: number) => {
    const some = references.slice(from, from + RUNS_AT_ONCE)
    const found = foundRuns(database, some, options)
    // Nobody waits for it any more where the caller has had enough.
    found.catch(() => undefined)
    return { some, found }
  }
  let ahead = load(0)
  for (let at = RUNS_AT_ONCE; ahead.some.length > 0; at += RUNS_AT_ONCE) {
    const { some, found } = ahead
    ahead = load(at)
    for (const [index, run] of (await found).entries()) {
      // The database reads ahead while graphs are put together and used, as far as the event loop is let turn.
      await setImmediate()
      yield run
        ? assemble(run.parts, run.how)
        : await readGraph(database, some[index] ?? '', options)
    }
  }
}

interface FoundRun {
  readonly parts: GraphParts
  readonly how: AssembleOptions
}

/** Runs by their complete ids, ready to be put together; `undefined` for what is none. */
async function foundRuns(
  database: Database,
  ids: readonly string[],
  options: GraphOptions,
): Promise<(FoundRun | undefined)[]> {
  const traceIds = ids.flatMap((id) => /^[0-9a-f]{32}(?=$|:)/.exec(id)?.[0] ?? [])
  if (traceIds.length === 0) return ids.map(() => undefined)
  const traces = await readTraces(database, [...new Set(traceIds)])
  const { maxLinkedSpans = MAX_LINKED_SPANS, edges } = options
  const linked = options.followLinks
    ? await readLinked(database, traces, maxLinkedSpans)
    : undefined
  const parts = new Map<string, GraphParts>()
  for (const [traceId, trace] of traces) {
    parts.set(traceId, linked ? linked.joined.withUpstream(trace.parts) : trace.parts)
  }
  const absent = [...parts.values()].flatMap((some) => some.absent)
  const stored = await storedElsewhere(database, absent, linked?.joined.ops)
  const leftOut = new Set([...stored].filter((id) => linked?.leftOut.has(traceOf(id))))
  const elsewhere = linked ? new Set([...stored, ...linked.joined.ops.keys()]) : stored
  return ids.map((run) => {
    const traceId = run.slice(0, 32)
    const own = parts.get(traceId)
    const spanId = traces.get(traceId)?.runs.get(run)
    if (!own || spanId === undefined) return undefined
    const output = { traceId, spanId }
    return { parts: own, how: { run, output, edges, elsewhere, leftOut } }
  })
}

interface Linked {
  readonly joined: JoinedTraces
  /** Traces that links lead to and that were not read. */
  readonly leftOut: ReadonlySet<string>
}

/** The traces from which data came into some others. */
async function readLinked(
  database: Database,
  own: ReadonlyMap<string, StoredTrace>,
  mostSpans: number,
): Promise<Linked> {
  const { followed, leftOut } = await followLinks(database, own.keys(), mostSpans)
  const others = await readTraces(database, followed)
  const all = new Map(Array.from([...own, ...others], ([id, { parts }]) => [id, parts]))
  return { joined: joinTraces(all), leftOut }
}

function traceOf(id: NodeId): string {
  return id.split(':')[1] ?? ''
}

/** Which producers that some parts lack are in the store all the same, part of another trace that was not read. */
async function storedElsewhere(
  database: Database,
  absent: readonly NodeId[],
  read: ReadonlyMap<NodeId, unknown> = new Map(),
): Promise<Set<NodeId>> {
  const unread = new Set(absent.filter((id) => !read.has(id)))
  if (unread.size === 0) return unread
  const during = await duringTraces(askIn(database), [...unread].map(traceOf))
  const rows = await database.rows(
    `SELECT 'span:' || trace_id || ':' || span_id AS id FROM span
    WHERE ${during} AND (trace_id, span_id) IN (
      SELECT (split_part(id, ':', 2), split_part(id, ':', 3)) FROM (SELECT unnest($1::VARCHAR[]) AS id)
    )`,
    [listValue([...unread])],
  )
  return new Set(rows.map((row) => text(row, 'id')))
}
