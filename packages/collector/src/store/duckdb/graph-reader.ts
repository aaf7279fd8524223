import { listValue } from '@duckdb/node-api'
import { raise } from '../../errors.ts'
import { assemble } from '../../graph/assemble.ts'
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
  const [found] = await graphsOf(database, [reference], options)
  if (found) return found
  // No complete id: the beginning of one, or of none.
  const [graph] = await graphsOf(database, [(await findRun(database, reference)).id], options)
  if (!graph) throw raise('T2_RUN_UNKNOWN', `There is no run ${reference}.`)
  return graph
}

/** Graphs of many runs, in the order asked for. What comes before an unknown run in the list is not lost to it. */
export async function* readGraphs(
  database: Database,
  references: readonly string[],
  options: GraphOptions = {},
): AsyncIterable<RunGraph> {
  const load = (from: number) => {
    const some = references.slice(from, from + RUNS_AT_ONCE)
    const graphs = graphsOf(database, some, options)
    // Nobody waits for it any more where the caller has had enough.
    graphs.catch(() => undefined)
    return { some, graphs }
  }
  // The database reads ahead while graphs are put together and used.
  let ahead = load(0)
  for (let at = RUNS_AT_ONCE; ahead.some.length > 0; at += RUNS_AT_ONCE) {
    const { some, graphs } = ahead
    ahead = load(at)
    for (const [index, graph] of (await graphs).entries()) {
      yield graph ?? (await readGraph(database, some[index] ?? '', options))
    }
  }
}

/** Graphs of runs by their complete ids; `undefined` for what is none. */
async function graphsOf(
  database: Database,
  ids: readonly string[],
  options: GraphOptions,
): Promise<(RunGraph | undefined)[]> {
  const traceIds = ids.flatMap((id) => /^[0-9a-f]{32}(?=$|:)/.exec(id)?.[0] ?? [])
  if (traceIds.length === 0) return ids.map(() => undefined)
  const traces = await readTraces(database, [...new Set(traceIds)])
  const parts = new Map<string, Found>()
  for (const id of ids) {
    const traceId = id.slice(0, 32)
    const trace = traces.get(traceId)
    const spanId = trace?.runs.get(id)
    if (!trace || spanId === undefined) continue
    const own = options.followLinks
      ? await withLinkedTraces(database, traceId, trace.parts)
      : trace.parts
    parts.set(id, { output: { traceId, spanId }, own })
  }
  const elsewhere = await storedElsewhere(
    database,
    [...parts.values()].map(({ own }) => own),
  )
  return ids.map((id) => {
    const found = parts.get(id)
    if (!found) return undefined
    return assemble(found.own, { run: id, output: found.output, edges: options.edges, elsewhere })
  })
}

interface Found {
  readonly own: GraphParts
  readonly output: { readonly traceId: string; readonly spanId: string }
}

/** Adds the operators of other traces from which data came, and theirs, as far as the bound allows. */
async function withLinkedTraces(
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
    inputs: all.flatMap((parts) => parts.inputs),
    edges: all.flatMap((parts) => parts.edges),
    malformed: all.flatMap((parts) => parts.malformed),
  })
}

function absentTraces(parts: GraphParts, read: ReadonlySet<string>): string[] {
  const traces = parts.edges.flatMap(({ from }) => /^span:([0-9a-f]{32}):/.exec(from)?.[1] ?? [])
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

/** Which producers that the parts lack are in the store all the same: part of another run, not missing. */
async function storedElsewhere(
  database: Database,
  all: readonly GraphParts[],
): Promise<Set<NodeId>> {
  const found = new Set<NodeId>()
  for (const parts of all) for (const { id } of parts.ops) found.add(id)
  const absent = new Set<NodeId>()
  for (const parts of all) {
    for (const { from } of parts.edges) {
      if (from.startsWith('span:') && !found.has(from)) absent.add(from)
    }
  }
  if (absent.size === 0) return found
  const traces = [...absent].flatMap((id) => id.split(':')[1] ?? [])
  const during = await duringTraces(askIn(database), traces)
  const rows = await database.rows(
    `SELECT 'span:' || trace_id || ':' || span_id AS id FROM span
    WHERE ${during} AND (trace_id, span_id) IN (
      SELECT (split_part(id, ':', 2), split_part(id, ':', 3)) FROM (SELECT unnest($1::VARCHAR[]) AS id)
    )`,
    [listValue([...absent])],
  )
  for (const row of rows) found.add(text(row, 'id'))
  return found
}
