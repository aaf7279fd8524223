import type { GraphEdge, NodeId } from './graph.ts'
export interface Levels {
  /** Longest path from a root to each consumer. */
  readonly level: ReadonlyMap<NodeId, number>
  /** Whether the edges have a cycle: what is on it, or behind it, has no level then. */
  readonly cyclic: boolean
}

export function levels(edges: readonly GraphEdge[]): Levels {
  // By number: a text is looked up once for each end of an edge.
  const numbers = new Map<NodeId, number>()
  const from = new Int32Array(edges.length)
  const to = new Int32Array(edges.length)
  const numberOf = (id: NodeId): number => {
    const known = numbers.get(id)
    if (known !== undefined) return known
    numbers.set(id, numbers.size)
    return numbers.size - 1
  }
  let at = 0
  for (const edge of edges) {
    from[at] = numberOf(edge.from)
    to[at++] = numberOf(edge.to)
  }
  const nodes = numbers.size
  const missing = new Int32Array(nodes)
  const start = new Int32Array(nodes + 2)
  for (const node of to) missing[node] = (missing[node] ?? 0) + 1
  for (const node of from) start[node + 2] = (start[node + 2] ?? 0) + 1
  for (let node = 2; node <= nodes; node++)
    start[node] = (start[node] ?? 0) + (start[node - 1] ?? 0)
  // The edges out of a node, one after the other from its start on: a counting sort.
  const outgoing = new Int32Array(edges.length)
  for (let edge = 0; edge < edges.length; edge++) {
    const slot = (from[edge] ?? 0) + 1
    outgoing[start[slot] ?? 0] = edge
    start[slot] = (start[slot] ?? 0) + 1
  }
  const depth = new Int32Array(nodes)
  const ready: number[] = []
  for (let node = 0; node < nodes; node++) if (missing[node] === 0) ready.push(node)
  let waiting = nodes - ready.length
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const next = (depth[node] ?? 0) + 1
    for (let slot = start[node] ?? 0; slot < (start[node + 1] ?? 0); slot++) {
      const consumer = to[outgoing[slot] ?? 0] ?? 0
      if (next > (depth[consumer] ?? 0)) depth[consumer] = next
      const left = (missing[consumer] ?? 0) - 1
      missing[consumer] = left
      if (left > 0) continue
      ready.push(consumer)
      waiting--
    }
  }
  const level = new Map<NodeId, number>()
  for (const [id, node] of numbers) level.set(id, depth[node] ?? 0)
  return { level, cyclic: waiting > 0 }
}
