import type { Json } from '@trace2/core'
import type { SourcedInput, SpanSources } from '../../graph/edges.ts'
import type { OpNode } from '../../graph/graph.ts'
import { isJsonObject, spanNodeId } from '../../graph/parts.ts'
import type { SpanTexts } from '../../graph/spoken.ts'
import { parseJson } from './row.ts'
import { isoNanoseconds } from './time.ts'

/** A row of `graph-span.sql`. */
export type SpanRow = readonly [
  traceId: string,
  spanId: string,
  parent: string | null,
  kind: string,
  op: string,
  description: string,
  sourceHash: string | null,
  dialect: string,
  model: string | null,
  nodeKind: OpNode['kind'],
  error: string | null,
  errorFrame: string | null,
  startNs: string,
  endNs: string,
  templates: string | null,
  inputs: string | null,
  outputHash: string | null,
  input: string | null,
  inputRef: string | null,
  inputPlain: string,
  output: string | null,
  outputRef: string | null,
  outputPlain: string,
  opKind: string | null,
  callId: string | null,
]

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

export function storedSpan([
  traceId,
  spanId,
  parent,
  kind,
  op,
  description,
  sourceHash,
  dialect,
  model,
  nodeKind,
  error,
  errorFrame,
  startNs,
  endNs,
  templates,
  inputs,
  outputHash,
  input,
  inputRef,
  inputPlain,
  output,
  outputRef,
  outputPlain,
  opKind,
  callId,
]: SpanRow): StoredSpan {
  const id = spanNodeId(traceId, spanId)
  const start = BigInt(startNs)
  const end = BigInt(endNs)
  return {
    id,
    traceId,
    spanId,
    parent,
    startNs: start,
    outputHash,
    opKind,
    callId,
    inputs: inputs === null ? [] : storedInputs(JSON.parse(inputs)),
    node: {
      kind: nodeKind,
      id,
      level: 0,
      traceId,
      spanId,
      parent,
      run: kind === 'run',
      op,
      description,
      sourceHash,
      dialect,
      inputs: {},
      templates: templatesOf(templates),
      value: null,
      errorFrame,
      model,
      startedAt: isoNanoseconds(start),
      durationMs: end > start ? Number(end - start) / 1e6 : 0,
    },
    input: { json: input, ref: inputRef, plain: inputPlain === 'true' },
    output: { json: output, ref: outputRef, plain: outputPlain === 'true' },
    failure: nodeKind === 'exception' ? (error ?? '') : null,
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
  const { spanId, opKind, callId } = span
  const call = { spanId, opKind, callId }
  if (span.node.dialect === 'trace2') return { ...call, input: null, output: null, value: null }
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
