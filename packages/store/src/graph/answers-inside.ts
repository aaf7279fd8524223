import type { Json } from '@trace2/core'
import { compareText } from './acyclic.ts'
import type { GraphNode, NodeId, OpNode } from './graph.ts'
import { isJsonObject } from './parts.ts'

/** An edge of a graph as far as it says which call contains which. */
interface Containment {
  readonly from: NodeId
  readonly to: NodeId
  readonly role: string
}

/**
 * Which call's value stands for that of a foreign call that recorded none, as a server's span does and a workflow's: the answer of
 * the model, or of what holds one, that ended last right inside it. Nothing stands for a call that holds no answer. One that only
 * asks for a tool is no answer where there is another: of an agent that hands over, the one that it handed over to answers.
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
  const isAnswer = (node: OpNode) => saysMore((answers.get(node.id) ?? node).value)
  const better = (a: OpNode | undefined, b: OpNode): OpNode => {
    if (!a) return b
    if (isAnswer(a) !== isAnswer(b)) return isAnswer(a) ? a : b
    return later(a, b)
  }
  for (const node of nodes) {
    if (node.kind !== 'op' || node.dialect === 'trace2') continue
    const held = (inside.get(node.id) ?? []).flatMap((id) => speaking.get(id) ?? [])
    const last = held.reduce<OpNode | undefined>(better, undefined)
    if (node.value === null) {
      if (!last) continue
      answers.set(node.id, answers.get(last.id) ?? last)
      speaking.set(node.id, node)
    } else if (last && node.model !== null && !isAnswer(node)) {
      // What was handed over to may run inside the call that asked for it.
      speaking.set(node.id, better(node, last))
    } else if (node.model !== null || last) speaking.set(node.id, node)
  }
  return answers
}

/** Whether a value is more than which tool is to be called. */
function saysMore(value: Json): boolean {
  const said = Array.isArray(value) ? value.at(-1) : value
  if (!isJsonObject(said)) return true
  const { tool_calls: calls, content } = said
  return !Array.isArray(calls) || calls.length === 0 || (content !== undefined && content !== '')
}

function later(a: OpNode, b: OpNode): OpNode {
  const order = endOf(a) - endOf(b) || compareText(a.startedAt, b.startedAt)
  return order > 0 ? a : b
}

function endOf({ startedAt, durationMs }: OpNode): number {
  return Date.parse(startedAt) + durationMs
}
