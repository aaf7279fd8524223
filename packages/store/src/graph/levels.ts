import type { GraphEdge, NodeId } from './graph.ts'
export interface Levels {
  /** Longest path from a root to each consumer. */
  readonly level: ReadonlyMap<NodeId, number>
  /** Whether the edges have a cycle: what is on it, or behind it, has no level then. */
  readonly cyclic: boolean
}

export function levels(edges: readonly GraphEdge[]): Levels {
  const level = new Map<NodeId, number>()
  const missing = new Map<NodeId, number>()
  const consumers = new Map<NodeId, NodeId[]>()
  for (const { from, to } of edges) {
    missing.set(to, (missing.get(to) ?? 0) + 1)
    const list = consumers.get(from)
    if (list) list.push(to)
    else consumers.set(from, [to])
  }
  const ready = [...consumers.keys()].filter((node) => !missing.has(node))
  let waiting = missing.size
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const next = (level.get(node) ?? 0) + 1
    for (const consumer of consumers.get(node) ?? []) {
      if (next > (level.get(consumer) ?? 0)) level.set(consumer, next)
      const left = (missing.get(consumer) ?? 0) - 1
      missing.set(consumer, left)
      if (left > 0) continue
      ready.push(consumer)
      waiting--
    }
  }
  return { level, cyclic: waiting > 0 }
}
