import type { Json } from '@trace2/core'
import type { SourcedInput, SpanSources } from '../../../graph/edges.ts'
import type { OpNode } from '../../../graph/graph.ts'
import { isJsonObject, spanNodeId } from '../../../graph/parts.ts'
import type { SpanTexts } from '../../../graph/spoken.ts'
import { parseJson } from '../row.ts'
import { sql } from '../sql.ts'
import { packedReading, spanTable } from '../tables/index.ts'
import { isoNanoseconds } from '../time.ts'

const columns = packedReading(
  spanTable,
  [
    ...(['trace_id', 'span_id', 'parent_span_id', 'kind', 'op', 'op_kind', 'call_id'] as const),
    ...(['description', 'source_hash', 'dialect', 'model', 'error'] as const),
    ...(['error_frame', 'start_ns', 'end_ns', 'templates', 'inputs', 'output_hash'] as const),
    ...(['input', 'input_ref', 'input_plain', 'output', 'output_ref', 'output_plain'] as const),
  ],
  { node_kind: sql('node-kind') },
)

/** What a graph needs of each span, as `texts` that {@link storedSpan} reads. Conditions may follow. */
export const GRAPH_SPANS = `SELECT ${columns.select} AS texts FROM span WHERE ${sql('is-operator')}`

/** A span as far as its row tells: the long texts among its values are in another table. */
export interface StoredSpan extends SpanSources {
  readonly startNs: bigint
  readonly inputs: readonly StoredInput[]
  readonly opKind: string | null
  readonly callId: string | null
  /** Without its values. */
  readonly node: OpNode
  readonly input: StoredValue
  readonly output: StoredValue
  /** What a failed operator threw, instead of an output. */
  readonly failure: string | null
}

/** A value as JSON text, or the hash of a text that is JSON or, where `plain`, the value itself. */
interface StoredValue {
  readonly json: string | null
  readonly ref: string | null
  readonly plain: boolean
}

export interface StoredInput extends SourcedInput {
  /** Whether the span's own input has the value. */
  readonly given: boolean
  /** A value that it does not have, as far as it was captured, or the hash of its JSON. */
  readonly value: Json
  readonly valueRef: string | null
}

export function storedSpan(texts: string): StoredSpan {
  const row = columns.read(texts)
  const { trace_id: traceId, span_id: spanId, parent_span_id: parent, start_ns: start } = row
  const id = spanNodeId(traceId, spanId)
  const failed = row.node_kind === 'exception'
  return {
    id,
    traceId,
    spanId,
    parent,
    startNs: start,
    outputHash: row.output_hash,
    opKind: row.op_kind,
    callId: row.call_id,
    inputs: row.inputs === null ? [] : storedInputs(JSON.parse(row.inputs)),
    node: {
      kind: failed ? 'exception' : 'op',
      id,
      level: 0,
      traceId,
      spanId,
      parent,
      run: row.kind === 'run',
      op: row.op,
      description: row.description,
      sourceHash: row.source_hash,
      dialect: row.dialect,
      inputs: {},
      templates: templatesOf(row.templates),
      value: null,
      errorFrame: row.error_frame,
      model: row.model,
      startedAt: isoNanoseconds(start),
      durationMs: row.end_ns > start ? Number(row.end_ns - start) / 1e6 : 0,
    },
    input: { json: row.input, ref: row.input_ref, plain: row.input_plain },
    output: { json: row.output, ref: row.output_ref, plain: row.output_plain },
    failure: failed ? (row.error ?? '') : null,
  }
}

function templatesOf(json: string | null): OpNode['templates'] {
  const templates = json === null ? null : parseJson(json)
  if (!isJsonObject(templates)) return {}
  return Object.fromEntries(Object.entries(templates).map(([role, of]) => [role, String(of)]))
}

/** An input as `span-inputs.ts` writes it. A store that was migrated has `null` where others have nothing. */
interface WrittenInput {
  readonly r: string
  readonly o: string
  readonly h?: string | null
  readonly p?: string | null
  readonly a?: string | null
  readonly b?: string | null
  readonly d?: boolean | null
  readonly at?: string | null
  readonly v?: Json
  readonly c?: { readonly contentValue: string } | null
}

function storedInputs(written: readonly WrittenInput[]): StoredInput[] {
  return written.map(({ r, o, h, p, a, b, d, at, v, c }) => ({
    role: r,
    origin: o,
    how: h ?? 'exact',
    pointer: p ?? '',
    a: a ?? '',
    b: b ?? '',
    distinctive: d ?? false,
    given: typeof at === 'string',
    value: v ?? null,
    valueRef: c?.contentValue ?? null,
  }))
}

/** A prompt that was named after what is around its span, as an input of the span. */
export function promptInput(role: string, name: string, version: string): StoredInput {
  return {
    ...{ role, origin: 'parameter', how: 'exact', pointer: '', a: name, b: version },
    ...{ distinctive: false, given: false, value: null, valueRef: null },
  }
}

/** Long texts by their hash. */
export type LongTexts = ReadonlyMap<string, string>

export function opOf({ node, input, output, failure }: StoredSpan, texts: LongTexts): OpNode {
  const given = captured(input, texts)
  return {
    ...node,
    inputs: given === undefined ? {} : inputsOf(given, node.dialect),
    value: failure ?? captured(output, texts) ?? null,
  }
}

function captured({ json, ref, plain }: StoredValue, texts: LongTexts): Json | undefined {
  if (json !== null) return parseJson(json)
  const text = ref === null ? undefined : texts.get(ref)
  return text === undefined || plain ? text : parseJson(text)
}

/** What a span says with texts alone. */
export function textsOf(span: StoredSpan, texts: LongTexts): SpanTexts {
  const { spanId, opKind, callId, node } = span
  const call = { spanId, op: node.op, opKind, callId }
  if (node.dialect === 'trace2') return { ...call, input: null, output: null, value: null }
  return {
    ...call,
    input: jsonOf(span.input, texts),
    output: jsonOf(span.output, texts),
    value: captured(span.output, texts) ?? null,
  }
}

function jsonOf({ json, ref, plain }: StoredValue, texts: LongTexts): string | null {
  if (json !== null) return json
  const text = ref === null ? undefined : texts.get(ref)
  return text === undefined ? null : plain ? JSON.stringify(text) : text
}

function inputsOf(input: Json, dialect: string): OpNode['inputs'] {
  return dialect === 'trace2' && isJsonObject(input) ? input : { input }
}
