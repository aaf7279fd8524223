import type { Json } from '@trace2/core'
import type { SpanSources } from '../../../graph/edges.ts'
import type { OpNode } from '../../../graph/graph.ts'
import { isJsonObject, spanNodeId } from '../../../graph/parts.ts'
import type { SpanTexts } from '../../../graph/spoken.ts'
import { parseJson } from '../row.ts'
import { sql } from '../sql.ts'
import { packedReading, spanTable } from '../tables/index.ts'
import { isoOfDigits } from '../time.ts'
import { type StoredInput, storedInputs } from './stored-inputs.ts'
import type { TraceColumns } from './trace-columns.ts'

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

/** A span as far as its row tells: its values are still JSON, and the long ones among them are in another table. */
export interface StoredSpan extends SpanSources {
  readonly inputs: readonly StoredInput[]
  readonly run: boolean
  readonly failed: boolean
  readonly op: string
  readonly opKind: string | null
  readonly callId: string | null
  readonly description: string
  readonly sourceHash: string | null
  readonly dialect: string
  readonly model: string | null
  /** What a failed operator threw, instead of an output. */
  readonly error: string | null
  readonly errorFrame: string | null
  readonly startedAt: string
  readonly durationMs: number
  readonly templates: string | null
  /** JSON, unless the value is long. */
  readonly input: string | null
  /** Hash of a long text that is JSON or, where `inputPlain`, the value itself. */
  readonly inputRef: string | null
  readonly inputPlain: boolean
  readonly output: string | null
  readonly outputRef: string | null
  readonly outputPlain: boolean
}

/** A span of a row of {@link GRAPH_SPANS}. */
export function storedSpan(texts: string): StoredSpan {
  const row = columns.read(texts)
  const { trace_id: traceId, span_id: spanId, start_ns: start, end_ns: end } = row
  return {
    id: spanNodeId(traceId, spanId),
    traceId,
    spanId,
    parent: row.parent_span_id,
    outputHash: row.output_hash,
    inputs: storedInputs(spanId, row.inputs),
    run: row.kind === 'run',
    failed: row.node_kind === 'exception',
    op: row.op,
    opKind: row.op_kind,
    callId: row.call_id,
    description: row.description,
    sourceHash: row.source_hash,
    dialect: row.dialect,
    model: row.model,
    error: row.error,
    errorFrame: row.error_frame,
    ...timesOf(String(start), end > start ? String(end - start) : '0'),
    templates: row.templates,
    input: row.input,
    inputRef: row.input_ref,
    inputPlain: row.input_plain,
    output: row.output,
    outputRef: row.output_ref,
    outputPlain: row.output_plain,
  }
}

/** The spans of one trace. The same as {@link storedSpan} gives of each of their rows. */
export function storedSpans(columns: TraceColumns): StoredSpan[] {
  const { traceId } = columns
  return columns.spanId.map((piece, at) => {
    const id = spanNodeId(traceId, piece)
    // What is cut from a text keeps all of it in memory: a short one of its own is cut here.
    const spanId = id.slice(id.length - piece.length)
    return {
      id,
      traceId,
      spanId,
      parent: columns.parent[at] ?? null,
      outputHash: columns.outputHash[at] ?? null,
      inputs: storedInputs(spanId, columns.inputs[at] ?? null),
      run: columns.kind[at] === 'run',
      failed: columns.nodeKind[at] === 'exception',
      op: columns.op[at] ?? '',
      opKind: columns.opKind[at] ?? null,
      callId: columns.callId[at] ?? null,
      description: columns.description[at] ?? '',
      sourceHash: columns.sourceHash[at] ?? null,
      dialect: columns.dialect[at] ?? '',
      model: columns.model[at] ?? null,
      error: columns.error[at] ?? null,
      errorFrame: columns.errorFrame[at] ?? null,
      ...timesOf(columns.startNs[at] ?? '0', columns.tookNs[at] ?? '0'),
      templates: columns.templates[at] ?? null,
      input: columns.input[at] ?? null,
      inputRef: columns.inputRef[at] ?? null,
      inputPlain: columns.inputPlain[at] === 'true',
      output: columns.output[at] ?? null,
      outputRef: columns.outputRef[at] ?? null,
      outputPlain: columns.outputPlain[at] === 'true',
    }
  })
}

function timesOf(
  startNs: string,
  tookNs: string,
): Pick<StoredSpan, 'startNs' | 'tookNs' | 'startedAt' | 'durationMs'> {
  return { startNs, tookNs, startedAt: isoOfDigits(startNs), durationMs: Number(tookNs) / 1e6 }
}

function templatesOf(json: string | null): OpNode['templates'] {
  const templates = json === null ? null : parseJson(json)
  if (!isJsonObject(templates)) return {}
  return Object.fromEntries(Object.entries(templates).map(([role, of]) => [role, String(of)]))
}

/** Long texts by their hash. */
export type LongTexts = ReadonlyMap<string, string>

/** The node that a span is. Its JSON is parsed here. */
export function opOf(span: StoredSpan, texts: LongTexts): OpNode {
  const { dialect, failed } = span
  const given = captured(span.input, span.inputRef, span.inputPlain, texts)
  return {
    kind: failed ? 'exception' : 'op',
    id: span.id,
    level: 0,
    traceId: span.traceId,
    spanId: span.spanId,
    parent: span.parent,
    run: span.run,
    op: span.op,
    description: span.description,
    sourceHash: span.sourceHash,
    dialect,
    inputs: given === undefined ? {} : inputsOf(given, dialect),
    templates: templatesOf(span.templates),
    value: failed ? (span.error ?? '') : (outputOf(span, texts) ?? null),
    errorFrame: span.errorFrame,
    model: span.model,
    startedAt: span.startedAt,
    durationMs: span.durationMs,
  }
}

function outputOf({ output, outputRef, outputPlain }: StoredSpan, texts: LongTexts) {
  return captured(output, outputRef, outputPlain, texts)
}

function captured(
  json: string | null,
  ref: string | null,
  plain: boolean,
  texts: LongTexts,
): Json | undefined {
  if (json !== null) return parseJson(json)
  const text = ref === null ? undefined : texts.get(ref)
  return text === undefined || plain ? text : parseJson(text)
}

/** What a span says with texts alone. */
export function textsOf(span: StoredSpan, texts: LongTexts): SpanTexts {
  const { spanId, parent, op, opKind, callId, startNs, dialect } = span
  const call = { spanId, parent, op, opKind, callId, startNs }
  if (dialect === 'trace2') return { ...call, input: null, output: null, value: null }
  return {
    ...call,
    input: jsonOf(span.input, span.inputRef, span.inputPlain, texts),
    output: jsonOf(span.output, span.outputRef, span.outputPlain, texts),
    value: outputOf(span, texts) ?? null,
  }
}

function jsonOf(
  json: string | null,
  ref: string | null,
  plain: boolean,
  texts: LongTexts,
): string | null {
  if (json !== null) return withoutEscapes(json)
  const text = ref === null ? undefined : texts.get(ref)
  return text === undefined ? null : plain ? JSON.stringify(text) : withoutEscapes(text)
}

/** JSON with letters in the place of their escapes, so that equal texts are equal. `told.sql` has the same. */
function withoutEscapes(json: string): string {
  return json.includes('\\u') ? JSON.stringify(JSON.parse(json)) : json
}

function inputsOf(input: Json, dialect: string): OpNode['inputs'] {
  return dialect === 'trace2' && isJsonObject(input) ? input : { input }
}
