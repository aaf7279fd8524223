import { setImmediate } from 'node:timers/promises'
import { counted, type Json, parameterKind } from '@trace2/core'
import { compareText } from '../../../graph/acyclic.ts'
import { edgesOf } from '../../../graph/edges.ts'
import type { InputNode, NodeId, OpNode, ParameterNode } from '../../../graph/graph.ts'
import { headsOf } from '../../../graph/heads.ts'
import { nodeId } from '../../../graph/node-id.ts'
import { capturedInput, type GraphParts } from '../../../graph/parts.ts'
import type { SpanTexts } from '../../../graph/spoken.ts'
import type { Database, Row } from '../database.ts'
import { askIn, duringTraces } from '../ingest/trace-times.ts'
import { readIn } from '../read-in.ts'
import { json, parseJson, text } from '../row.ts'
import {
  GRAPH_SPANS,
  type LongTexts,
  opOf,
  promptInput,
  type StoredInput,
  type StoredSpan,
  storedSpan,
  textsOf,
} from './graph-span.ts'

/** Bytes of long texts that are read at once: what is made of them takes several times as much. */
const MOST_TEXT = 64 * 1024 * 1024
/** After so many rows whatever else the thread has to do comes first. */
const ROWS_IN_A_TURN = 1_000

/** What is stored of a trace, as far as graphs are concerned. */
export interface StoredTrace {
  readonly parts: GraphParts
  /** The span that stands for each run in it, by the run's id. */
  readonly runs: ReadonlyMap<string, string>
  /** Nodes that belong to it and were too many to be read. */
  readonly unread?: ReadonlySet<NodeId>
}

/**
 * Nodes and edges of some traces, each by its trace id; of a trace that is not stored, none. Rows are fetched by few
 * plain queries and put together here: planning queries that did it all took longer than reading a run.
 */
export async function readTraces(
  database: Database,
  traceIds: readonly string[],
): Promise<Map<string, StoredTrace>> {
  const during = await duringTraces(askIn(database), traceIds)
  const rows = await readIn(database, `${GRAPH_SPANS} AND ${during} AND trace_id`, traceIds)
  return partsOf(database, await spansOf(rows, traceIds))
}

/** What is stored of some traces, of which the spans were read. */
export async function partsOf(
  database: Database,
  read: ReadonlyMap<string, readonly StoredSpan[]>,
): Promise<Map<string, StoredTrace>> {
  const spans = await withNamedPrompts(database, read)
  const all = [...spans.values()].flat()
  const [{ texts, unread }, parameters] = await Promise.all([
    readLongTexts(database, all),
    readUsedParameters(database, all),
  ])
  const found = new Map<string, StoredTrace>()
  for (const [traceId, stored] of spans) {
    // Whatever else the thread has to do comes between two traces.
    await setImmediate()
    const nodes = stored.map((span) => opOf(span, texts))
    const ops = distinct(nodes)
    const { edges, absent, leftOut } = edgesOf(traceId, stored, strangersTexts(stored, texts))
    const withheld = unread.size === 0 ? 0 : stored.filter((span) => needs(span, unread)).length
    const parts: GraphParts = {
      ops,
      ...parametersOf(stored, parameters),
      inputs: inputsOf(stored, ops, texts),
      edges,
      absent,
      leftOut: withheld > 0 ? [...leftOut, longTextsOf(withheld)] : leftOut,
      malformed: stored.flatMap(({ id, inputs }) =>
        inputs
          .filter(({ origin }) => origin === 'malformed')
          .map(({ pointer }) => ({ node: id, entry: pointer })),
      ),
    }
    found.set(traceId, { parts, runs: headsOf(nodes) })
  }
  return found
}

/** Adds the prompts that were named after what is around their spans: the spans' own inputs do not have them. */
async function withNamedPrompts(
  database: Database,
  spans: ReadonlyMap<string, readonly StoredSpan[]>,
): Promise<ReadonlyMap<string, readonly StoredSpan[]>> {
  const foreign = [...spans].flatMap(([traceId, some]) =>
    some.some(({ node }) => node.dialect !== 'trace2') ? [traceId] : [],
  )
  if (foreign.length === 0) return spans
  const during = await duringTraces(askIn(database), foreign)
  const rows = await readIn(
    database,
    `SELECT trace_id, span_id, role, name, version FROM parameter_use
     WHERE role IS NOT NULL AND ${during} AND trace_id`,
    foreign,
  )
  const used = new Map<NodeId, StoredInput[]>()
  for (const row of rows) {
    const id = nodeId('span', text(row, 'trace_id'), text(row, 'span_id'))
    const input = promptInput(text(row, 'role'), text(row, 'name'), text(row, 'version'))
    const some = used.get(id)
    if (some) some.push(input)
    else used.set(id, [input])
  }
  const complete = (span: StoredSpan) => {
    const more = used.get(span.id)
    return more ? { ...span, inputs: [...more, ...span.inputs] } : span
  }
  return new Map(Array.from(spans, ([traceId, some]) => [traceId, some.map(complete)]))
}

function needs({ input, output }: StoredSpan, hashes: ReadonlySet<string>): boolean {
  return [input.ref, output.ref].some((ref) => ref !== null && hashes.has(ref))
}

function longTextsOf(spans: number): string {
  return `Long values of ${counted(spans, 'span')}: with them, there would be more than ${MOST_TEXT >> 20} MiB to be read.`
}

/** Most traces are our own and say where their inputs come from; those of strangers are searched for passed-on texts. */
function strangersTexts(spans: readonly StoredSpan[], texts: LongTexts): SpanTexts[] {
  const foreign = spans.some(({ node }) => node.dialect !== 'trace2')
  return foreign ? spans.map((span) => textsOf(span, texts)) : []
}

/** The spans of some traces of which rows were fetched, in an order of their own. */
export async function spansOf(
  rows: readonly Row[],
  traceIds: readonly string[],
): Promise<Map<string, StoredSpan[]>> {
  const spans = new Map<string, StoredSpan[]>(traceIds.map((traceId) => [traceId, []]))
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_IN_A_TURN === ROWS_IN_A_TURN - 1) await setImmediate()
    const span = storedSpan(text(row, 'texts'))
    spans.get(span.traceId)?.push(span)
  }
  // Whatever the order in which they came.
  for (const of of spans.values()) {
    of.sort((a, b) => compareText(a.spanId, b.spanId) || Number(a.startNs - b.startNs))
  }
  return spans
}

/** The long texts of some spans, as far as they are not too many, and the hashes of the others. */
async function readLongTexts(
  database: Database,
  spans: readonly StoredSpan[],
): Promise<{ readonly texts: LongTexts; readonly unread: ReadonlySet<string> }> {
  const hashes = new Set<string>()
  for (const { input, output, inputs } of spans) {
    for (const hash of [input.ref, output.ref]) if (hash !== null) hashes.add(hash)
    for (const { valueRef } of inputs) if (valueRef !== null) hashes.add(valueRef)
  }
  const sizes = await readIn(
    database,
    'SELECT hash, strlen(text)::DOUBLE AS bytes FROM content WHERE hash',
    [...hashes],
  )
  const bytes = new Map(sizes.map((row) => [text(row, 'hash'), Number(row.bytes)]))
  const unread = new Set<string>()
  let left = MOST_TEXT
  for (const hash of hashes) {
    const size = bytes.get(hash) ?? 0
    if (size > left) unread.add(hash)
    else left -= size
  }
  const wanted = [...hashes].filter((hash) => !unread.has(hash))
  const rows = await readIn(database, 'SELECT hash, text FROM content WHERE hash', wanted)
  const texts = new Map(rows.map((row) => [text(row, 'hash'), text(row, 'text')]))
  return { texts, unread }
}

async function readUsedParameters(
  database: Database,
  spans: readonly StoredSpan[],
): Promise<Map<NodeId, Row>> {
  const used = new Set<NodeId>()
  for (const { inputs } of spans) {
    for (const input of inputs) if (input.origin === 'parameter') used.add(parameterId(input))
  }
  const rows = await readIn(
    database,
    `SELECT 'param:' || name || '@' || version AS id, value::VARCHAR AS value, trainable, description,
       schema::VARCHAR AS schema, kind
     FROM parameter_version
     WHERE id`,
    [...used],
  )
  return new Map(rows.map((row) => [text(row, 'id'), row]))
}

/** A span sent twice with different times was not recognized as the same when it was stored: the first one counts. */
function distinct(nodes: readonly OpNode[]): OpNode[] {
  const seen = new Set<NodeId>()
  return nodes.filter(({ id }) => !seen.has(id) && seen.add(id))
}

function parametersOf(
  spans: readonly StoredSpan[],
  known: ReadonlyMap<NodeId, Row>,
): Pick<GraphParts, 'parameters' | 'unknown'> {
  const used = new Map<NodeId, ParameterNode>()
  for (const { inputs } of spans) {
    for (const input of inputs) {
      if (input.origin !== 'parameter') continue
      const id = parameterId(input)
      if (!used.has(id)) used.set(id, parameterOf(id, input, known.get(id)))
    }
  }
  const unknown = new Set([...used.keys()].filter((id) => !known.has(id)))
  return { parameters: [...used.values()], unknown }
}

function parameterOf(
  id: NodeId,
  { a: name, b: version }: StoredInput,
  row: Row | undefined,
): ParameterNode {
  const value = row ? json(row, 'value') : null
  const schema = row ? json(row, 'schema') : null
  return {
    kind: 'parameter',
    id,
    level: 0,
    name,
    version,
    value,
    valueKind: parameterKind(value, schema, row?.kind),
    trainable: row?.trainable === true,
    description: row ? text(row, 'description') : '',
    schema,
  }
}

/** External values, as a span was given them where one has that in its input. */
function inputsOf(
  spans: readonly StoredSpan[],
  ops: readonly OpNode[],
  texts: LongTexts,
): InputNode[] {
  const bySpan = new Map(ops.map((op) => [op.spanId, op]))
  const values = new Map<string, Json>()
  for (const given of [true, false]) {
    for (const { spanId, inputs } of spans) {
      for (const input of inputs) {
        if (input.origin !== 'value' || input.given !== given) continue
        if ((values.get(input.a) ?? null) !== null) continue
        const op = bySpan.get(spanId)
        const value = given ? op && capturedInput(op, input.role) : capturedValue(input, texts)
        values.set(input.a, value ?? null)
      }
    }
  }
  return Array.from(values, ([hash, value]) => ({
    kind: 'input',
    id: nodeId('value', hash, ''),
    level: 0,
    value,
  }))
}

function capturedValue({ value, valueRef }: StoredInput, texts: LongTexts): Json {
  const text = valueRef === null ? undefined : texts.get(valueRef)
  return text === undefined ? value : parseJson(text)
}

function parameterId({ a: name, b: version }: StoredInput): NodeId {
  return nodeId('parameter', name, version)
}
