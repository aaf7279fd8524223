import { UNNAMED_PROMPT } from '../prompt-names/index.ts'
import type { GraphEdge, NodeId, OpNode } from './graph.ts'
import { spanNodeId } from './parts.ts'

const UNNAMED_NODE = `param:${UNNAMED_PROMPT}`

/**
 * System prompts of foreign agents and of the model calls inside them, each once. A model call that has no name for its prompt,
 * inside an agent that has one for the same text, uses the agent's: they are one parameter, and the agent's name outlives a
 * change of the text. What a model call uses is no use of the agent around it, which only repeats it.
 */
export function underAgentsNames(
  edges: readonly GraphEdge[],
  ops: ReadonlyMap<NodeId, OpNode>,
): readonly GraphEdge[] {
  const prompts = new Map<NodeId, NodeId>()
  for (const edge of edges) {
    if (isPrompt(edge) && isForeign(edge.to, ops)) prompts.set(edge.to, edge.from)
  }
  if (prompts.size < 2) return edges
  const repeated = new Set<NodeId>()
  const named = new Map<NodeId, NodeId>()
  for (const [id, prompt] of prompts) {
    const op = ops.get(id)
    if (!op) continue
    const version = versionOf(prompt)
    for (const outer of around(op, ops)) {
      const other = prompts.get(outer.id)
      if (other === undefined || versionOf(other) !== version) continue
      repeated.add(outer.id)
      if (prompt.startsWith(UNNAMED_NODE) && !named.has(id)) named.set(id, other)
    }
  }
  return edges.flatMap((edge) => {
    if (!isPrompt(edge)) return [edge]
    if (repeated.has(edge.to)) return []
    const from = named.get(edge.to)
    return [from === undefined ? edge : { ...edge, from }]
  })
}

function isPrompt({ from, role }: GraphEdge): boolean {
  return role === 'system' && from.startsWith('param:')
}

function isForeign(id: NodeId, ops: ReadonlyMap<NodeId, OpNode>): boolean {
  const op = ops.get(id)
  return op !== undefined && op.dialect !== 'trace2'
}

function versionOf(prompt: NodeId): string {
  return prompt.slice(prompt.lastIndexOf('@'))
}

/** So many operators around a call are looked at: further out, nobody's prompt is that of the call. */
const MOST_AROUND = 100

/** The operators around one, the innermost first. */
function* around(op: OpNode, ops: ReadonlyMap<NodeId, OpNode>): Generator<OpNode> {
  const passed = new Set<OpNode>([op])
  for (let { parent } = op; parent !== null && passed.size <= MOST_AROUND; ) {
    const outer = ops.get(spanNodeId(op.traceId, parent))
    if (!outer || passed.has(outer)) return
    passed.add(outer)
    yield outer
    parent = outer.parent
  }
}
