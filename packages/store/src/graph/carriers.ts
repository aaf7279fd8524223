import type { GraphEdge, NodeId, OpNode } from './graph.ts'
import { spanNodeId } from './parts.ts'

/**
 * Operators and edges of a trace without the spans that only carry what others say: a message that is published, sent or received,
 * a request over HTTP. What runs inside one runs inside what is around it.
 */
export function withoutCarriers(
  ops: readonly OpNode[],
  edges: readonly GraphEdge[],
  carriers: ReadonlySet<NodeId>,
): { readonly ops: readonly OpNode[]; readonly edges: readonly GraphEdge[] } {
  const byId = new Map(ops.map((op) => [op.id, op]))
  // A trace may consist of nothing else, and what failed says why. What nothing stored is around is a run.
  const isInside = ({ traceId, parent }: OpNode) =>
    parent !== null && byId.has(spanNodeId(traceId, parent))
  const left = new Set(
    ops.flatMap((op) => (carriers.has(op.id) && isInside(op) && isSilent(op) ? op.id : [])),
  )
  for (const { from, to } of edges) {
    // What comes from another trace, or goes there, is known by nothing else.
    const isWithin = byId.get(from)?.traceId === byId.get(to)?.traceId
    if (!isWithin) for (const end of [from, to]) left.delete(end)
  }
  if (left.size === 0) return { ops, edges }
  const around = new Map<NodeId, string | null>()
  /** Span id of the nearest span around one that is left. Each is looked at once, however deep they stand. */
  const outside = (traceId: string, parent: string | null): string | null => {
    const passed: NodeId[] = []
    let at = parent
    while (at !== null) {
      const id = spanNodeId(traceId, at)
      const known = around.get(id)
      if (known !== undefined) {
        at = known
        break
      }
      if (!left.has(id)) break
      // Spans can be each other's parents.
      around.set(id, null)
      passed.push(id)
      at = byId.get(id)?.parent ?? null
    }
    for (const id of passed) around.set(id, at)
    return at
  }
  const kept = ops.filter(({ id }) => !left.has(id))
  const moved: GraphEdge[] = []
  const placed = kept.map((op): OpNode => {
    const parent = outside(op.traceId, op.parent)
    if (parent === op.parent) return op
    const to = parent === null ? undefined : spanNodeId(op.traceId, parent)
    if (to !== undefined && byId.has(to)) {
      moved.push({ from: op.id, to, role: 'contains', pointer: '', how: 'contains' })
    }
    return { ...op, parent }
  })
  const others = edges.filter(({ from, to }) => !left.has(from) && !left.has(to))
  return { ops: placed, edges: [...others, ...moved] }
}

function isSilent({ kind, value, inputs }: OpNode): boolean {
  return kind === 'op' && value === null && Object.keys(inputs).length === 0
}
