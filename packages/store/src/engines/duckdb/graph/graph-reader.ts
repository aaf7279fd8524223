import { listValue } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import { type AssembleOptions, assemble } from '../../../graph/assemble.ts'
import type { NodeId, RunGraph } from '../../../graph/graph.ts'
import type { GraphParts } from '../../../graph/parts.ts'
import { type JoinedTraces, joinTraces } from '../../../graph/upstream.ts'
import type { GraphOptions } from '../../../store.ts'
import type { Database } from '../database.ts'
import { askIn, duringTraces, type TraceTimes, timesOfTraces } from '../ingest/trace-times.ts'
import { findRun } from '../query/runs.ts'
import { text } from '../row.ts'
import { readBeginning } from './beginning.ts'
import { partsOf, readTraces, type StoredTrace } from './graph-parts.ts'
import { followLinks } from './linked-traces.ts'
import { type PackedTraces, packTraces } from './packed-traces.ts'
import { Turn } from './turn.ts'
import { UsedParameters } from './used-parameters.ts'

/** How many spans of a trace are read at most, where the caller does not say. */
const MAX_SPANS = 10_000
const LARGEST_LIMIT = 200_000
/** Spans from which on the spans of a trace are counted before it is read. */
const COUNTED_FROM = 2_000

/** How many spans of other traces are read at most when links are followed, where the caller does not say. */
const MAX_LINKED_SPANS = 50_000

/** How many runs are read by one set of queries: planning them costs more than reading another run. */
const RUNS_AT_ONCE = 256
/** Runs of which nodes and edges are made at once. While they are there, they are in the way of collecting garbage. */
const RUNS_DERIVED_AT_ONCE = 16
/** Spans of all that are read. */
const SPANS_AT_ONCE = 25_000
/** Of so many runs, one query says where they are. */
const RUNS_LOCATED_AT_ONCE = 4_096

export async function readGraph(
  database: Database,
  reference: string,
  options: GraphOptions = {},
): Promise<RunGraph> {
  const [exact] = await foundRuns(database, [reference], options)
  if (exact) return assemble(exact.parts(), exact.how)
  // No complete id: the beginning of one, or of none.
  const [found] = await foundRuns(database, [(await findRun(database, reference)).id], options)
  if (!found) throw raise('T2_RUN_UNKNOWN', `There is no run ${reference}.`)
  return assemble(found.parts(), found.how)
}

/** Graphs of many runs, in the order asked for. What comes before an unknown run in the list is not lost to it. */
export async function* readGraphs(
  database: Database,
  references: readonly string[],
  options: GraphOptions = {},
): AsyncGenerator<RunGraph> {
  const slices = slicesOf(database, references, options)
  let ahead = slices.next()
  const turn = new Turn()
  for (let next = await ahead; !next.done; next = await ahead) {
    ahead = slices.next()
    // Nobody waits for it any more where the caller has had enough.
    ahead.catch(() => undefined)
    for (const { reference, run } of next.value) {
      // The database reads ahead while graphs are put together and used, as far as the event loop is let turn.
      await turn.end()
      yield run ? assemble(run.parts(), run.how) : await readGraph(database, reference, options)
    }
  }
}

/** Runs in their order, ready to be put together, a few at a time: the spans of many are read at once. */
async function* slicesOf(
  database: Database,
  references: readonly string[],
  options: GraphOptions,
): AsyncGenerator<{ readonly reference: string; readonly run: FoundRun | undefined }[], undefined> {
  const parameters = new UsedParameters(database)
  const batches = batchesOf(database, references, spanLimit(options))
  const pack = async () => {
    const { value: batch } = await batches.next()
    if (!batch) return undefined
    return { ...batch, read: await readingOf(database, batch, parameters, options) }
  }
  let ahead = pack()
  for (let batch = await ahead; batch; batch = await ahead) {
    ahead = pack()
    ahead.catch(() => undefined)
    // Links are followed from all of them together.
    const atOnce = options.followLinks ? batch.runs.length : RUNS_DERIVED_AT_ONCE
    for (let from = 0; from < batch.runs.length; from += atOnce) {
      const runs = batch.runs.slice(from, from + atOnce)
      const found = await foundRuns(database, runs, options, batch.read)
      yield runs.map((reference, at) => ({ reference, run: found[at] }))
    }
  }
}

interface Batch {
  readonly runs: readonly string[]
  readonly times: TraceTimes
}

/** Runs in their order, so many at a time as fit into memory together; at least one. */
async function* batchesOf(
  database: Database,
  references: readonly string[],
  maxSpans: number,
): AsyncGenerator<Batch, undefined> {
  for (let from = 0; from < references.length; from += RUNS_LOCATED_AT_ONCE) {
    const located = references.slice(from, from + RUNS_LOCATED_AT_ONCE)
    const times = await timesOf(database, located, maxSpans)
    let runs: string[] = []
    let spans = 0
    for (const reference of located) {
      const size = isComplete(reference) ? Math.min(times.size(traceIdOf(reference)), maxSpans) : 0
      if (runs.length === RUNS_AT_ONCE || (runs.length > 0 && spans + size > SPANS_AT_ONCE)) {
        yield { runs, times }
        runs = []
        spans = 0
      }
      runs.push(reference)
      spans += size
    }
    if (runs.length > 0) yield { runs, times }
  }
}

/** Where runs are, and which have more spans than are to be read of one. */
function timesOf(
  database: Database,
  references: readonly string[],
  maxSpans: number,
): Promise<TraceTimes> {
  const traceIds = references.filter(isComplete).map(traceIdOf)
  return timesOfTraces(askIn(database), traceIds, Math.min(maxSpans, COUNTED_FROM))
}

/** What comes over the network is of any type. */
function spanLimit({ maxSpans }: GraphOptions): number {
  const wanted = Math.trunc(Number(maxSpans ?? MAX_SPANS)) || MAX_SPANS
  return Math.min(Math.max(wanted, 1), LARGEST_LIMIT)
}

/** Whether a reference is the complete id of a run, or could be. */
function isComplete(reference: string): boolean {
  return /^[0-9a-f]{32}(?:$|:)/.test(reference)
}

function traceIdOf(run: string): string {
  return run.slice(0, 32)
}

interface FoundRun {
  readonly parts: () => GraphParts
  readonly how: AssembleOptions
}

/** What was read at once of the traces of some runs. */
interface Reading {
  readonly packed: PackedTraces
  /** Traces with more spans than are to be read of one. */
  readonly large: ReadonlySet<string>
  readonly parameters: UsedParameters
}

async function readingOf(
  database: Database,
  { runs, times }: Batch,
  parameters: UsedParameters,
  options: GraphOptions,
): Promise<Reading> {
  const maxSpans = spanLimit(options)
  const traceIds = [...new Set(runs.filter(isComplete).map(traceIdOf))]
  const large = new Set(traceIds.filter((traceId) => times.size(traceId) > maxSpans))
  const small = traceIds.filter((traceId) => !large.has(traceId))
  return { packed: await packTraces(database, small, times), large, parameters }
}

/** Runs by their complete ids, ready to be put together; `undefined` for what is none. */
async function foundRuns(
  database: Database,
  ids: readonly string[],
  options: GraphOptions,
  reading?: Reading,
): Promise<(FoundRun | undefined)[]> {
  const complete = ids.filter(isComplete)
  if (complete.length === 0) return ids.map(() => undefined)
  const maxSpans = spanLimit(options)
  const read = async () => {
    const times = await timesOf(database, complete, maxSpans)
    const parameters = new UsedParameters(database)
    return readingOf(database, { runs: complete, times }, parameters, options)
  }
  const { packed, large, parameters } = reading ?? (await read())
  const traceIds = [...new Set(complete.map(traceIdOf))].filter((traceId) => !large.has(traceId))
  const whole = await partsOf(database, await packed.spans(traceIds), parameters)
  const found = await runsIn(database, complete, whole, options)
  for (const id of complete) {
    const traceId = traceIdOf(id)
    const beginning = large.has(traceId) && (await readBeginning(database, id, maxSpans))
    if (!beginning) continue
    const runs = await runsIn(database, [id], new Map([[traceId, beginning]]), options)
    for (const [run, parts] of runs) found.set(run, parts)
  }
  return ids.map((id) => found.get(id))
}

/** Those of some runs that are in some traces, by their ids. */
async function runsIn(
  database: Database,
  ids: readonly string[],
  traces: ReadonlyMap<string, StoredTrace>,
  options: GraphOptions,
): Promise<Map<string, FoundRun>> {
  const { maxLinkedSpans = MAX_LINKED_SPANS, edges } = options
  const linked = options.followLinks
    ? await readLinked(database, traces, maxLinkedSpans)
    : undefined
  const absent = [...traces.values()].flatMap((trace) => trace.absent)
  const all = linked ? absent.concat(linked.absent) : absent
  const stored = await storedElsewhere(database, all, linked?.joined.ops)
  const leftOut = new Set([...stored].filter((id) => linked?.leftOut.has(traceOf(id))))
  const elsewhere = linked ? new Set([...stored, ...linked.joined.ops.keys()]) : stored
  for (const { unread = [] } of traces.values()) for (const id of unread) elsewhere.add(id)
  const joined = new Map<string, GraphParts>()
  if (linked) {
    for (const id of traces.keys()) joined.set(id, linked.joined.withUpstream(id))
  }
  const found = new Map<string, FoundRun>()
  for (const run of ids) {
    const traceId = traceIdOf(run)
    const trace = traces.get(traceId)
    const spanId = trace?.runs.get(run)
    if (!trace || spanId === undefined) continue
    const own = joined.get(traceId)
    const parts = own ? () => own : trace.parts
    const output = { traceId, spanId }
    found.set(run, { parts, how: { run, output, edges, elsewhere, leftOut } })
  }
  return found
}

interface Linked {
  readonly joined: JoinedTraces
  /** Producers that the traces lack from which data came. */
  readonly absent: readonly NodeId[]
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
  const parts = new Map<string, GraphParts>()
  const turn = new Turn()
  for (const [traceId, trace] of [...own, ...others]) {
    await turn.end()
    parts.set(traceId, trace.parts())
  }
  const absent = [...others.values()].flatMap((trace) => trace.absent)
  return { joined: joinTraces(parts), absent, leftOut }
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
