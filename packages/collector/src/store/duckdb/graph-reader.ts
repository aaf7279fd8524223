import { setImmediate } from 'node:timers/promises'
import { listValue } from '@duckdb/node-api'
import { raise } from '../../errors.ts'
import { type AssembleOptions, assemble } from '../../graph/assemble.ts'
import type { NodeId, RunGraph } from '../../graph/graph.ts'
import type { GraphParts } from '../../graph/parts.ts'
import type { GraphOptions } from '../store.ts'
import type { Database } from './database.ts'
import { readTraces } from './graph-parts.ts'
import { text } from './row.ts'
import { findRun } from './runs.ts'
import { askIn, duringTraces } from './trace-times.ts'

/** How many further traces are read at most when links are followed. */
const MAX_LINKED_TRACES = 32

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
  const parts = new Map<string, GraphParts>()
  for (const [traceId, trace] of traces) {
    const linked = options.followLinks && trace.parts.absent.length > 0
    parts.set(traceId, linked ? await withLinked(database, traceId, trace.parts) : trace.parts)
  }
  const elsewhere = await storedElsewhere(database, [...parts.values()])
  return ids.map((run) => {
    const traceId = run.slice(0, 32)
    const own = parts.get(traceId)
    const spanId = traces.get(traceId)?.runs.get(run)
    if (!own || spanId === undefined) return undefined
    const output = { traceId, spanId }
    return { parts: own, how: { run, output, edges: options.edges, elsewhere } }
  })
}

/** Adds the operators of other traces from which data came, and theirs, as far as the bound allows. */
async function withLinked(
  database: Database,
  traceId: string,
  own: GraphParts,
): Promise<GraphParts> {
  const read = new Set([traceId])
  const all: GraphParts[] = [own]
  const waiting = absentTraces(own, read)
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (read.has(next) || read.size > MAX_LINKED_TRACES) continue
    read.add(next)
    const parts = (await readTraces(database, [next])).get(next)?.parts
    if (!parts) continue
    all.push(parts)
    waiting.push(...absentTraces(parts, read))
  }
  return upstreamOf(own, {
    ops: all.flatMap((parts) => parts.ops),
    parameters: all.flatMap((parts) => parts.parameters),
    unknown: new Set(all.flatMap((parts) => [...parts.unknown])),
    inputs: all.flatMap((parts) => parts.inputs),
    edges: all.flatMap((parts) => parts.edges),
    absent: all.flatMap((parts) => parts.absent),
    malformed: all.flatMap((parts) => parts.malformed),
  })
}

function absentTraces(parts: GraphParts, read: ReadonlySet<string>): string[] {
  const traces = parts.absent.flatMap((id) => id.split(':')[1] ?? [])
  return [...new Set(traces)].filter((trace) => !read.has(trace))
}

/** Of the linked traces only what the run's own operators depend on. */
function upstreamOf(own: GraphParts, all: GraphParts): GraphParts {
  const producers = new Map<NodeId, NodeId[]>()
  for (const { from, to } of all.edges) {
    const list = producers.get(to)
    if (list) list.push(from)
    else producers.set(to, [from])
  }
  const needed = new Set<NodeId>()
  const stack = own.ops.map((op) => op.id)
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (needed.has(id)) continue
    needed.add(id)
    stack.push(...(producers.get(id) ?? []))
  }
  return { ...all, ops: all.ops.filter((op) => needed.has(op.id)) }
}

/** Which producers that the parts lack are in the store all the same: part of another trace, not missing. */
async function storedElsewhere(
  database: Database,
  all: readonly GraphParts[],
): Promise<Set<NodeId>> {
  const absent = new Set(all.flatMap((parts) => parts.absent))
  if (absent.size === 0) return absent
  const traces = [...absent].flatMap((id) => id.split(':')[1] ?? [])
  const during = await duringTraces(askIn(database), traces)
  const rows = await database.rows(
    `SELECT 'span:' || trace_id || ':' || span_id AS id FROM span
    WHERE ${during} AND (trace_id, span_id) IN (
      SELECT (split_part(id, ':', 2), split_part(id, ':', 3)) FROM (SELECT unnest($1::VARCHAR[]) AS id)
    )`,
    [listValue([...absent])],
  )
  return new Set(rows.map((row) => text(row, 'id')))
}
