import type { GraphEdge, GraphNode } from '@trace2/store'
import type { GraphIndex } from './graph-index.ts'

/**
 * The part of a run that decides what feedback means for a parameter: every node on a path from the parameter to
 * a target, and the blanket, the direct inputs of those nodes that are not on a path themselves.
 */
export interface Subgraph {
  /** The nodes between the parameter and the targets, both included, in topological order. */
  readonly path: readonly GraphNode[]
  /** The direct inputs of these nodes that are not on a path themselves, in topological order. */
  readonly blanket: readonly GraphNode[]
  /** Every edge that ends in a path node. */
  readonly edges: readonly GraphEdge[]
}

/**
 * Completes paths, given as positions in order, with their blanket and edges. Made once for many paths of one graph: each
 * then costs its own nodes and edges.
 */
export function subgraphsOf(index: GraphIndex): (path: readonly number[]) => Subgraph {
  const onPath = new Uint8Array(index.nodes.length)
  const nodesAt = (positions: readonly number[]) =>
    positions.flatMap((at): GraphNode | readonly [] => index.nodes[at] ?? [])
  return (path) => {
    for (const at of path) onPath[at] = 1
    const beside = new Set<number>()
    const edges: GraphEdge[] = []
    const arrive = (number: number) => {
      const edge = index.edges[number]
      const from = index.from[number]
      if (!edge || from === undefined) return
      edges.push(edge)
      if (onPath[from] !== 1) beside.add(from)
    }
    for (const at of path) index.incoming(at, arrive)
    for (const at of path) onPath[at] = 0
    const blanket = [...beside].sort((a, b) => a - b)
    return { path: nodesAt(path), blanket: nodesAt(blanket), edges }
  }
}
