import { type EdgeKind, edgeKinds } from '@trace2/core'
import { nesting } from './ancestry.ts'
import type { NodeId } from './graph.ts'
import { type GraphParts, type PartialEdge, spanNodeId } from './parts.ts'

/** What edges need to know of a span. */
export interface SpanSources {
  readonly id: NodeId
  readonly traceId: string
  readonly spanId: string
  readonly parent: string | null
  readonly outputHash: string | null
  readonly inputs: readonly SourcedInput[]
}

/** One input of a span and where it came from, as it was recorded; `a` and `b` are what tells that one apart. */
export interface SourcedInput {
  readonly role: string
  readonly origin: string
  readonly how: string
  readonly pointer: string
  readonly a: string
  readonly b: string
  /** Whether equality with another value means anything. */
  readonly distinctive: boolean
}

/**
 * The edges of one trace, from producer to consumer, but for those that texts alone tell: what spans recorded of their
 * inputs, `hash` where an external input equals another operator's output, `contains` where no use of an operator's
 * result is known around it. The view `v_edge` says the same of all traces at once; a test holds the two together.
 */
export function edgesOf(spans: readonly SpanSources[]): Pick<GraphParts, 'edges' | 'absent'> {
  const trace = new Trace(spans)
  const edges: PartialEdge[] = []
  for (const span of spans) {
    const to = span.id
    const hashed = new Set<string>()
    for (const input of span.inputs) {
      for (const { id: from } of trace.equalOutputs(span, input)) {
        edges.push({ from, to, role: input.role, pointer: '', how: 'hash' })
        hashed.add(input.role)
      }
    }
    for (const input of span.inputs) {
      if (input.origin === 'value' && hashed.has(input.role)) continue
      const from = trace.producerOf(input)
      if (from === undefined) continue
      edges.push({ from, to, role: input.role, pointer: input.pointer, how: kindOf(input.how) })
    }
    const around = trace.unusedIn(span)
    if (around) {
      edges.push({ from: to, to: around.id, role: 'contains', pointer: '', how: 'contains' })
    }
  }
  return { edges, absent: [...trace.absent] }
}

const kinds: ReadonlyMap<string, EdgeKind> = new Map(edgeKinds.map((kind) => [kind, kind]))

function kindOf(how: string): EdgeKind {
  return kinds.get(how) ?? 'link'
}

class Trace {
  readonly absent = new Set<NodeId>()
  readonly #spans = new Map<string, SpanSources>()
  readonly #producers = new Map<string, SpanSources[]>()
  /** Who is recorded to have used a span's output. */
  readonly #users = new Map<string, SpanSources[]>()
  readonly #nested: (a: SpanSources, b: SpanSources) => boolean

  constructor(spans: readonly SpanSources[]) {
    this.#nested = nesting(spans)
    for (const span of spans) {
      this.#spans.set(span.spanId, span)
      if (span.outputHash !== null) listed(this.#producers, span.outputHash, span)
      for (const { origin, a, b } of span.inputs) {
        if (origin === 'span' && a === span.traceId) listed(this.#users, b, span)
      }
    }
  }

  producerOf({ origin, a, b }: SourcedInput): NodeId | undefined {
    switch (origin) {
      case 'span':
      case 'link': {
        // An id that a span has already is quicker to look up than an equal one that is joined here.
        const known = this.#spans.get(b)
        if (known?.traceId === a) return known.id
        const id = spanNodeId(a, b)
        this.absent.add(id)
        return id
      }
      case 'parameter':
        return `param:${a}@${b}`
      case 'value':
        return `value:${a}`
      default:
        return undefined
    }
  }

  /** Operators with the output that a span was given; what runs inside one another shares values without passing them on. */
  equalOutputs(span: SpanSources, { origin, a, distinctive }: SourcedInput): SpanSources[] {
    const equal = origin === 'value' && distinctive ? this.#producers.get(a) : undefined
    if (!equal) return []
    return equal.filter((other) => other.spanId !== span.spanId && !this.#nested(other, span))
  }

  /** The operator around a span, where neither it nor anything else inside it is known to have used the span's output. */
  unusedIn({ spanId, parent }: SpanSources): SpanSources | undefined {
    const around = parent === null ? undefined : this.#spans.get(parent)
    const users = this.#users.get(spanId) ?? []
    const used = users.some((user) => user.spanId === parent || user.parent === parent)
    return used ? undefined : around
  }
}

function listed(lists: Map<string, SpanSources[]>, key: string, span: SpanSources): void {
  const list = lists.get(key)
  if (list) list.push(span)
  else lists.set(key, [span])
}
