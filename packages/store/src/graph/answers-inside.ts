import { compareText } from './acyclic.ts'
import type { GraphNode, NodeId, OpNode } from './graph.ts'

/** An edge of a graph as far as it says which call contains which. */
interface Containment {
  readonly from: NodeId
  readonly to: NodeId
  readonly role: string
}

/**
 * Which call's value stands for that of a foreign call that recorded none, as a server's span does and a workflow's: the answer of
 * the model, or of what holds one, that ended last right inside it. Nothing stands for a call that holds no answer.
 *
 * @param nodes producers before consumers.
 */
export function answersInside(
  nodes: readonly GraphNode[],
  edges: readonly Containment[],
): ReadonlyMap<NodeId, OpNode> {
  const inside = new Map<NodeId, NodeId[]>()
  for (const { from, to, role } of edges) {
    if (role !== 'contains') continue
    const known = inside.get(to)
    if (known) known.push(from)
    else inside.set(to, [from])
  }
  const answers = new Map<NodeId, OpNode>()
  const speaking = new Map<NodeId, OpNode>()
  for (const node of nodes) {
    if (node.kind !== 'op' || node.dialect === 'trace2') continue
    const held = (inside.get(node.id) ?? []).flatMap((id) => speaking.get(id) ?? [])
    const last = held.reduce<OpNode | undefined>(later, undefined)
    if (node.value === null) {
      if (!last) continue
      answers.set(node.id, answers.get(last.id) ?? last)
      speaking.set(node.id, node)
    } else if (node.model !== null || last) speaking.set(node.id, node)
  }
  return answers
}

function later(a: OpNode | undefined, b: OpNode): OpNode {
  if (!a) return b
  const order = endOf(a) - endOf(b) || compareText(a.startedAt, b.startedAt)
  return order > 0 ? a : b
}

function endOf({ startedAt, durationMs }: OpNode): number {
  return Date.parse(startedAt) + durationMs
}
