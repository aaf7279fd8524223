/** The ends of edges, by the numbers of their nodes. */
export interface Ends {
  readonly from: Int32Array
  readonly to: Int32Array
}

export interface Levels {
  /** Longest path from a root to each node, by its number. */
  readonly level: Int32Array
  /** Whether the edges have a cycle: what is on it, or behind it, has no level then. */
  readonly cyclic: boolean
}

export function levels({ from, to }: Ends, nodes: number): Levels {
  const edges = from.length
  const missing = new Int32Array(nodes)
  const start = new Int32Array(nodes + 2)
  for (let edge = 0; edge < edges; edge++) {
    const consumer = to[edge] ?? 0
    missing[consumer] = (missing[consumer] ?? 0) + 1
    const slot = (from[edge] ?? 0) + 2
    start[slot] = (start[slot] ?? 0) + 1
  }
  for (let node = 2; node <= nodes; node++)
    start[node] = (start[node] ?? 0) + (start[node - 1] ?? 0)
  // The edges out of a node, one after the other from its start on: a counting sort.
  const outgoing = new Int32Array(edges)
  for (let edge = 0; edge < edges; edge++) {
    const slot = (from[edge] ?? 0) + 1
    outgoing[start[slot] ?? 0] = edge
    start[slot] = (start[slot] ?? 0) + 1
  }
  const level = new Int32Array(nodes)
  const ready: number[] = []
  for (let node = 0; node < nodes; node++) if (missing[node] === 0) ready.push(node)
  let waiting = nodes - ready.length
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const next = (level[node] ?? 0) + 1
    for (let slot = start[node] ?? 0; slot < (start[node + 1] ?? 0); slot++) {
      const consumer = to[outgoing[slot] ?? 0] ?? 0
      if (next > (level[consumer] ?? 0)) level[consumer] = next
      const left = (missing[consumer] ?? 0) - 1
      missing[consumer] = left
      if (left > 0) continue
      ready.push(consumer)
      waiting--
    }
  }
  return { level, cyclic: waiting > 0 }
}
