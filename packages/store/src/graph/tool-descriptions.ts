import type { GraphEdge, NodeId, OpNode } from './graph.ts'

/**
 * Edges without the description that a tool's own span has of it, where a model call was told another one: what a model was told
 * is what counts, and a run has one description of a tool.
 */
export function withoutToolsOwnWords(
  edges: readonly GraphEdge[],
  ops: ReadonlyMap<NodeId, OpNode>,
): readonly GraphEdge[] {
  const described = edges.filter(({ from, role }) => from.startsWith('param:tool.') && isTold(role))
  const own = described.filter(({ to, role }) => role === `tool.${ops.get(to)?.op}`)
  if (own.length === 0 || own.length === described.length) return edges
  const left = new Set(own)
  const told = new Set(described.flatMap((edge) => (left.has(edge) ? [] : edge.role)))
  return edges.filter((edge) => !left.has(edge) || !told.has(edge.role))
}

function isTold(role: string): boolean {
  return role.startsWith('tool.')
}
