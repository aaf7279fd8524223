import { assemble } from '../../graph/assemble.ts'
import type { NodeId, RunGraph } from '../../graph/graph.ts'
import type { GraphParts } from '../../graph/parts.ts'
import type { GraphOptions } from '../store.ts'
import type { Database } from './database.ts'
import { readGraphParts } from './graph-parts.ts'
import { findRun } from './runs.ts'

/** How many further traces are read at most when links are followed. */
const MAX_LINKED_TRACES = 32

export async function readGraph(
  database: Database,
  reference: string,
  options: GraphOptions = {},
): Promise<RunGraph> {
  const run = await findRun(database, reference)
  const own = await readGraphParts(database, run.traceId)
  const parts = options.followLinks ? await withLinkedTraces(database, run.traceId, own) : own
  return assemble(parts, {
    run: run.id,
    output: run,
    edges: options.edges,
    elsewhere: await storedElsewhere(database, parts),
  })
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
    const parts = await readGraphParts(database, next)
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
async function storedElsewhere(database: Database, parts: GraphParts): Promise<Set<NodeId>> {
  const present = new Set(parts.ops.map((op) => op.id))
  const found = new Set<NodeId>(present)
  for (const { from } of parts.edges) {
    const [, traceId, spanId] = /^span:([0-9a-f]{32}):([0-9a-f]{16})$/.exec(from) ?? []
    if (!traceId || !spanId || found.has(from)) continue
    const rows = await database.rows(
      'SELECT 1 FROM span WHERE trace_id = $1 AND span_id = $2 LIMIT 1',
      [traceId, spanId],
    )
    if (rows.length > 0) found.add(from)
  }
  return found
}
