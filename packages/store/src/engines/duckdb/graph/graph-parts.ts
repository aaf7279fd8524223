import { counted, type Json } from '@trace2/core'
import { absentFrom, edgesOf } from '../../../graph/edges.ts'
import type { InputNode, NodeId, OpNode, ParameterNode } from '../../../graph/graph.ts'
import { headsOf } from '../../../graph/heads.ts'
import { nodeId } from '../../../graph/node-id.ts'
import { capturedInput, type GraphParts } from '../../../graph/parts.ts'
import type { SpanTexts } from '../../../graph/spoken.ts'
import type { Database } from '../database.ts'
import { askIn, timesOfTraces } from '../ingest/trace-times.ts'
import { readIn } from '../read-in.ts'
import { parseJson, text } from '../row.ts'
import { type LongTexts, opOf, type StoredSpan, textsOf } from './graph-span.ts'
import { MOST_IN_COLUMNS, packTraces } from './packed-traces.ts'
import type { StoredInput } from './stored-inputs.ts'
import { parameterId, UsedParameters, unseenParameter } from './used-parameters.ts'

/** Bytes of long texts that are read at once: what is made of them takes several times as much. */
const MOST_TEXT = 64 * 1024 * 1024
/** What is stored of a trace, as far as graphs are concerned. */
export interface StoredTrace {
  /** Makes its nodes and edges, which take several times as much memory as what they are made of. */
  readonly parts: () => GraphParts
  /** Producers of edges that are not among its spans. */
  readonly absent: readonly NodeId[]
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
  const times = await timesOfTraces(askIn(database), traceIds, MOST_IN_COLUMNS)
  const packed = await packTraces(database, traceIds, times)
  return partsOf(database, await packed.spans(traceIds))
}

/** What is stored of some traces, of which the spans were read. */
export async function partsOf(
  database: Database,
  spans: ReadonlyMap<string, readonly StoredSpan[]>,
  used = new UsedParameters(database),
): Promise<Map<string, StoredTrace>> {
  const all = [...spans.values()]
  const [{ texts, unread }, parameters] = await Promise.all([
    readLongTexts(database, all),
    used.of(all),
  ])
  const found = new Map<string, StoredTrace>()
  for (const [traceId, stored] of spans) {
    const withheld = unread.size === 0 ? 0 : stored.filter((span) => needs(span, unread)).length
    const runs = headsOf(stored)
    const derive = () => derived(traceId, stored, texts, parameters, withheld)
    let made: GraphParts | undefined
    const once = () => {
      made ??= derive()
      return made
    }
    const absent = absentFrom(traceId, stored)
    // What is kept for one run is only in the way of collecting garbage.
    found.set(traceId, { runs, absent, parts: runs.size > 1 ? once : derive })
  }
  return found
}

function derived(
  traceId: string,
  stored: readonly StoredSpan[],
  texts: LongTexts,
  parameters: ReadonlyMap<NodeId, ParameterNode>,
  withheld: number,
): GraphParts {
  const ops = distinct(stored.map((span) => opOf(span, texts)))
  const { edges, leftOut } = edgesOf(traceId, stored, strangersTexts(stored, texts))
  return {
    ops,
    ...parametersOf(stored, parameters),
    inputs: inputsOf(stored, ops, texts),
    edges,
    leftOut: withheld > 0 ? [...leftOut, longTextsOf(withheld)] : leftOut,
    malformed: malformedIn(stored),
    responses: responsesIn(stored),
    carriers: new Set(stored.flatMap(({ id, opKind }) => (opKind === 'transport' ? id : []))),
  }
}

function responsesIn(spans: readonly StoredSpan[]): GraphParts['responses'] {
  const responses = new Map<NodeId, string>()
  for (const { id, opKind, callId } of spans) {
    if (opKind === 'llm' && callId !== null) responses.set(id, callId)
  }
  return responses
}

function malformedIn(spans: readonly StoredSpan[]): GraphParts['malformed'] {
  const malformed: { node: NodeId; entry: string }[] = []
  for (const { id, inputs } of spans) {
    for (const { origin, pointer } of inputs) {
      if (origin === 'malformed') malformed.push({ node: id, entry: pointer })
    }
  }
  return malformed
}

function needs({ inputRef, outputRef }: StoredSpan, hashes: ReadonlySet<string>): boolean {
  return [inputRef, outputRef].some((ref) => ref !== null && hashes.has(ref))
}

function longTextsOf(spans: number): string {
  return `Long values of ${counted(spans, 'span')}: with them, there would be more than ${MOST_TEXT >> 20} MiB to be read.`
}

/** Most traces are our own and say where their inputs come from; those of strangers are searched for passed-on texts. */
function strangersTexts(spans: readonly StoredSpan[], texts: LongTexts): SpanTexts[] {
  const foreign = spans.some(({ dialect }) => dialect !== 'trace2')
  return foreign ? spans.map((span) => textsOf(span, texts)) : []
}

/** The long texts of some spans, as far as they are not too many, and the hashes of the others. */
async function readLongTexts(
  database: Database,
  traces: readonly (readonly StoredSpan[])[],
): Promise<{ readonly texts: LongTexts; readonly unread: ReadonlySet<string> }> {
  const hashes = new Set<string>()
  for (const spans of traces) {
    for (const { inputRef, outputRef, inputs } of spans) {
      if (inputRef !== null) hashes.add(inputRef)
      if (outputRef !== null) hashes.add(outputRef)
      for (const { valueRef } of inputs) if (valueRef !== null) hashes.add(valueRef)
    }
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

/** A span sent twice with different times was not recognized as the same when it was stored: the first one counts. */
function distinct(nodes: readonly OpNode[]): OpNode[] {
  const seen = new Set<NodeId>()
  return nodes.filter(({ id }) => !seen.has(id) && seen.add(id))
}

function parametersOf(
  spans: readonly StoredSpan[],
  known: ReadonlyMap<NodeId, ParameterNode>,
): Pick<GraphParts, 'parameters' | 'unknown'> {
  const used = new Map<NodeId, ParameterNode>()
  const unknown = new Set<NodeId>()
  for (const { inputs } of spans) {
    for (const input of inputs) {
      if (input.origin !== 'parameter') continue
      const id = parameterId(input)
      if (used.has(id)) continue
      const stored = known.get(id)
      if (!stored) unknown.add(id)
      used.set(id, stored ?? unseenParameter(id, input))
    }
  }
  return { parameters: [...used.values()], unknown }
}

/** External values, as a span was given them where one has that in its input. */
function inputsOf(
  spans: readonly StoredSpan[],
  ops: readonly OpNode[],
  texts: LongTexts,
): InputNode[] {
  const values = new Map<string, Json>()
  if (!spans.some(({ inputs }) => inputs.some(({ origin }) => origin === 'value'))) return []
  const bySpan = new Map(ops.map((op) => [op.spanId, op]))
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
