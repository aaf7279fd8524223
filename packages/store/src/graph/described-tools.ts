import { groupBy } from '@trace2/core'
import type { GraphEdge, NodeId, OpNode } from './graph.ts'

/** Begins the role in which an operator uses the description of a tool. */
const TOOL_ROLE = 'tool.'

/**
 * Edges without descriptions that a tool's own span repeats. What counts is what a model was told of the tool; the tool's span has
 * what the program says of it, often the whole comment of its function. Where no model shows what it was told, that is all there
 * is, and stays.
 */
export function asModelsAreTold(
  edges: readonly GraphEdge[],
  ops: ReadonlyMap<NodeId, OpNode>,
): readonly GraphEdge[] {
  const descriptions = edges.filter(({ role, from }) => isDescription(role, from))
  const repeated = new Set<GraphEdge>()
  for (const [role, uses] of groupBy(descriptions, ({ role }) => role)) {
    const own = uses.filter(({ to }) => ops.get(to)?.op === role.slice(TOOL_ROLE.length))
    if (own.length < uses.length) for (const edge of own) repeated.add(edge)
  }
  return repeated.size === 0 ? edges : edges.filter((edge) => !repeated.has(edge))
}

function isDescription(role: string, from: NodeId): boolean {
  return role.startsWith(TOOL_ROLE) && from.startsWith(`param:${role}.description@`)
}
