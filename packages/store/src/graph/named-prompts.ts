import type { GraphEdge, NodeId, OpNode } from './graph.ts'
import { spanNodeId } from './parts.ts'

/** Begins the name of a prompt that its span had no name for. */
export const UNNAMED_PROMPT = 'prompt.'
const UNNAMED_NODE = `param:${UNNAMED_PROMPT}`

/**
 * A foreign model call that has no name for its system prompt, inside an agent that has one for the same text, uses the
 * agent's: they are one parameter, and the agent's name outlives a change of the text.
 */
export function underAgentsNames(
  edges: readonly GraphEdge[],
  ops: ReadonlyMap<NodeId, OpNode>,
): readonly GraphEdge[] {
  if (!edges.some(isUnnamed)) return edges
  const prompts = new Map<NodeId, NodeId>()
  for (const edge of edges) if (isPrompt(edge)) prompts.set(edge.to, edge.from)
  return edges.map((edge) => {
    const op = ops.get(edge.to)
    if (!isUnnamed(edge) || !op || op.dialect === 'trace2') return edge
    const version = edge.from.slice(edge.from.lastIndexOf('@'))
    const named = [...around(op, ops)]
      .map(({ id }) => prompts.get(id))
      .find((prompt) => prompt?.endsWith(version) && prompt !== edge.from)
    return named === undefined ? edge : { ...edge, from: named }
  })
}

function isPrompt({ from, role }: GraphEdge): boolean {
  return role === 'system' && from.startsWith('param:')
}

function isUnnamed(edge: GraphEdge): boolean {
  return isPrompt(edge) && edge.from.startsWith(UNNAMED_NODE)
}

/** The operators around one, the innermost first. */
function* around(op: OpNode, ops: ReadonlyMap<NodeId, OpNode>): Generator<OpNode> {
  const passed = new Set<OpNode>([op])
  for (let { parent } = op; parent !== null; ) {
    const outer = ops.get(spanNodeId(op.traceId, parent))
    if (!outer || passed.has(outer)) return
    passed.add(outer)
    yield outer
    parent = outer.parent
  }
}
