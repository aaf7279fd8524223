import type { NodeId } from './graph.ts'
import type { PartialEdge } from './parts.ts'

/** Longest path from a root to each node of an acyclic graph. */
export function levels(
  nodes: readonly NodeId[],
  edges: readonly PartialEdge[],
): Map<NodeId, number> {
  const level = new Map<NodeId, number>(nodes.map((node) => [node, 0]))
  const missing = new Map<NodeId, number>()
  const consumers = new Map<NodeId, NodeId[]>()
  for (const { from, to } of edges) {
    missing.set(to, (missing.get(to) ?? 0) + 1)
    const list = consumers.get(from)
    if (list) list.push(to)
    else consumers.set(from, [to])
  }
  const ready = nodes.filter((node) => !missing.has(node))
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const next = (level.get(node) ?? 0) + 1
    for (const consumer of consumers.get(node) ?? []) {
      if (next > (level.get(consumer) ?? 0)) level.set(consumer, next)
      const left = (missing.get(consumer) ?? 0) - 1
      missing.set(consumer, left)
      if (left === 0) ready.push(consumer)
    }
  }
  return level
}
