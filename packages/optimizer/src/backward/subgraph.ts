import type { GraphEdge, GraphNode } from '@trace2/collector/store'
import type { GraphIndex } from './graph-index.ts'
import type { Marks } from './reach.ts'

/**
 * The part of a run that decides what feedback means for a parameter: every node on a path from the parameter to
 * a target, and the blanket, the direct inputs of those nodes that are not on a path themselves.
 */
export interface Subgraph {
  /** In topological order, the parameter and the targets included. */
  readonly path: readonly GraphNode[]
  /** In topological order. */
  readonly blanket: readonly GraphNode[]
  /** Every edge that ends in a path node. */
  readonly edges: readonly GraphEdge[]
}

/** Completes a path with its blanket and edges. O(V+E). */
export function subgraphOf(index: GraphIndex, onPath: Marks): Subgraph {
  const beside = new Uint8Array(index.nodes.length)
  const edges: GraphEdge[] = []
  const path: GraphNode[] = []
  const arrive = (number: number) => {
    const edge = index.edges[number]
    const from = index.from[number]
    if (!edge || from === undefined) return
    edges.push(edge)
    if (onPath[from] !== 1) beside[from] = 1
  }
  for (const [at, node] of index.nodes.entries()) {
    if (onPath[at] !== 1) continue
    path.push(node)
    index.incoming(at, arrive)
  }
  const blanket = index.nodes.filter((_node, at) => beside[at] === 1)
  return { path, blanket, edges }
}
