import { type EdgeKind, edgeKinds } from '@trace2/core'
import { nesting } from './ancestry.ts'
import { continuedBy } from './continued.ts'
import type { GraphEdge, NodeId } from './graph.ts'
import { type NodeSort, nodeId } from './node-id.ts'
import { type GraphParts, spanNodeId } from './parts.ts'
import { askedBy, doneBy } from './requests.ts'
import { asked, continued, done, edgeRules, input, op, spoken, told } from './rules/edges.ts'
import { Derivation, type Facts, type Ran } from './rules/evaluate.ts'
import { type NodeTerm, type Relation, text as written } from './rules/language.ts'
import { type Read, type Row, readOf, type Value } from './rules/plan.ts'
import { flatOrNull, type SpanTexts, spokenIn, withoutHolders } from './spoken.ts'

/** What edges need to know of a span: ids and origins, none of its values, which are read later and only where asked for. */
export interface SpanSources {
  readonly id: NodeId
  readonly traceId: string
  readonly spanId: string
  readonly parent: string | null
  readonly outputHash: string | null
  readonly inputs: readonly SourcedInput[]
  /** Digits: nanoseconds since 1970, and how many it took. */
  readonly startNs: string
  readonly tookNs: string
}

/** One input of a span and where it came from, flat as the rules of edges compare it; `a` and `b` are the parts of its origin. */
export type SourcedInput = {
  /** The span whose input it is. */
  readonly span: string
  readonly role: string
  readonly origin: string
  readonly how: string
  readonly pointer: string
  readonly a: string
  readonly b: string
  /** Whether equality with another value means anything. */
  readonly distinctive: boolean
}

const TOO_MANY_EDGES =
  'Many values are equal, or pass from one call to another in the same words: not all such edges are shown.'

/**
 * The edges of one trace, from producer to consumer, by the rules of `rules/edges.ts`.
 *
 * @param texts what strangers' spans say; spans of our own say where their inputs come from.
 */
export function edgesOf(
  traceId: string,
  spans: readonly SpanSources[],
  texts: readonly SpanTexts[],
): Pick<GraphParts, 'edges' | 'leftOut'> {
  const derivation = new Derivation(factsOf(traceId, spans, texts))
  // An id that a span has already is quicker to look up than an equal one that is joined here.
  const ids = new Map(spans.map(({ spanId, id }) => [spanId, id]))
  const edges: GraphEdge[] = []
  for (const { clause, from, to, role, pointer, how } of rules) {
    const nodeOf = ({ sort, a, b }: NodeReads, first: Row, last: Row) => {
      const one = text(a(first, last, traceId))
      const other = text(b(first, last, traceId))
      if (sort !== 'span') return nodeId(sort, one, other)
      const known = one === traceId ? ids.get(other) : undefined
      return known ?? spanNodeId(one, other)
    }
    derivation.each(clause, (first, last) => {
      edges.push({
        from: nodeOf(from, first, last),
        to: nodeOf(to, first, last),
        role: text(role(first, last, traceId)),
        pointer: text(pointer(first, last, traceId)),
        how: kindOf(text(how(first, last, traceId))),
      })
    })
  }
  const leftOut = derivation.isCut ? [TOO_MANY_EDGES] : []
  return { edges, leftOut }
}

/** Producers of edges that are not among the spans of the trace. */
export function absentFrom(traceId: string, spans: readonly SpanSources[]): NodeId[] {
  const own = new Set<string>()
  for (const { spanId } of spans) own.add(spanId)
  const absent = new Set<NodeId>()
  for (const { inputs } of spans) {
    for (const { origin, a, b } of inputs) {
      if (origin !== 'span' && origin !== 'link') continue
      if (a !== traceId || !own.has(b)) absent.add(spanNodeId(a, b))
    }
  }
  return [...absent]
}

interface NodeReads {
  readonly sort: NodeSort
  readonly a: Read
  readonly b: Read
}

const nothing = written('')

const rules = edgeRules.map((clause) => {
  const { from, to, role, pointer, how } = clause.gives
  const node = ({ sort, a, b = nothing }: NodeTerm): NodeReads => {
    return { sort, a: readOf(clause, a), b: readOf(clause, b) }
  }
  return {
    clause,
    from: node(from),
    to: node(to),
    role: readOf(clause, role),
    pointer: readOf(clause, pointer),
    how: readOf(clause, how),
  }
})

function text(value: Value): string {
  return typeof value === 'string' ? value : ''
}

function factsOf(traceId: string, spans: readonly SpanSources[], all: readonly SpanTexts[]): Facts {
  const texts = withoutHolders(all)
  const calls = askedBy(texts)
  const inputs: Row[] = []
  for (const { inputs: of } of spans) for (const one of of) inputs.push(one)
  return {
    traceId,
    rows: new Map<Relation, readonly Row[]>([
      [
        op,
        spans.map(({ spanId, parent, outputHash }) => ({ span: spanId, parent, hash: outputHash })),
      ],
      [input, inputs],
      [
        told,
        texts.map(({ spanId, opKind, input, output }) => ({
          span: spanId,
          kind: opKind,
          input: flatOrNull(input),
          output: flatOrNull(output),
        })),
      ],
      [done, doneBy(texts)],
      [asked, calls],
      [continued, continuedBy(texts, calls)],
      [spoken, spokenIn(texts)],
    ]),
    nested: nesting(spans),
    ran: timesOf(spans),
  }
}

/** When the spans ran, worked out for those that are asked for. */
function timesOf(spans: readonly SpanSources[]): (span: string) => Ran | undefined {
  let bySpan: ReadonlyMap<string, SpanSources> | undefined
  const known = new Map<string, Ran | undefined>()
  const read = (spanId: string): Ran | undefined => {
    bySpan ??= new Map(spans.map((span) => [span.spanId, span]))
    const span = bySpan.get(spanId)
    if (!span) return undefined
    const start = BigInt(span.startNs)
    return { start, end: start + BigInt(span.tookNs) }
  }
  return (spanId) => {
    if (!known.has(spanId)) known.set(spanId, read(spanId))
    return known.get(spanId)
  }
}

const kinds: ReadonlyMap<string, EdgeKind> = new Map(edgeKinds.map((kind) => [kind, kind]))

function kindOf(how: string): EdgeKind {
  return kinds.get(how) ?? 'link'
}
