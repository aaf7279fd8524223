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
 * the model, or of what holds one, that ended last right inside it. Nothing stands for a call that holds no answer. One that asks
 * for a tool hands over where another one speaks inside it or begins after it: then that one answers. What says nothing is no
 * answer where another one says something.
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
  const said = (node: OpNode) => answers.get(node.id) ?? node
  const better = (a: OpNode | undefined, b: OpNode): OpNode => {
    if (!a) return b
    const last = later(a, b)
    const other = last === a ? b : a
    const [lastSaid, otherSaid] = [said(last), said(other)]
    if (isEmpty(lastSaid.value) !== isEmpty(otherSaid.value)) {
      return isEmpty(lastSaid.value) ? other : last
    }
    const handsOver = asksOnly(lastSaid.value) && !asksOnly(otherSaid.value)
    return handsOver && begins(otherSaid, lastSaid) > 0 ? other : last
  }
  for (const node of nodes) {
    if (node.kind !== 'op' || node.dialect === 'trace2') continue
    const held = (inside.get(node.id) ?? []).flatMap((id) => speaking.get(id) ?? [])
    const last = held.reduce<OpNode | undefined>(better, undefined)
    if (node.value === null) {
      if (!last) continue
      answers.set(node.id, answers.get(last.id) ?? last)
      speaking.set(node.id, node)
    } else if (last && node.model !== null && asks(node.value)) {
      // What was handed over to may run inside the call that asked for it.
      speaking.set(node.id, isEmpty(said(last).value) || asksOnly(said(last).value) ? node : last)
    } else if (node.model !== null || last) speaking.set(node.id, node)
  }
  return answers
}

/** Whether a value says which tool is to be called, and nothing else. */
function asksOnly(value: Json): boolean {
  return asks(value) && isWordless(value)
}

function asks(value: Json): boolean {
  const message = lastOf(value)
  if (!isJsonObject(message)) return false
  const { tool_calls: calls } = message
  return Array.isArray(calls) && calls.length > 0
}

/** Whether a value is a message, or a text, that says and asks for nothing. */
function isEmpty(value: Json): boolean {
  return !asks(value) && isWordless(value)
}

function isWordless(value: Json): boolean {
  const message = lastOf(value)
  if (!isJsonObject(message)) return typeof message === 'string' && message.trim() === ''
  if (!('role' in message) && !('tool_calls' in message)) return false
  const { content = '' } = message
  return content === null || (typeof content === 'string' && content.trim() === '')
}

function lastOf(value: Json): Json | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value
  return isJsonObject(last) && isJsonObject(last.message) ? last.message : last
}

function begins(a: OpNode, b: OpNode): number {
  return compareText(a.startedAt, b.startedAt)
}

function later(a: OpNode, b: OpNode): OpNode {
  const order = endOf(a) - endOf(b) || compareText(a.startedAt, b.startedAt)
  return order > 0 ? a : b
}

function endOf({ startedAt, durationMs }: OpNode): number {
  return Date.parse(startedAt) + durationMs
}
