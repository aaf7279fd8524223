import type { GraphEdge, GraphNode } from '@trace2/collector/store'
import type { GraphIndex } from './graph-index.ts'

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

/** Completes a set of path positions with its blanket and edges. O(V+E). */
export function subgraphOf(index: GraphIndex, onPath: ReadonlySet<number>): Subgraph {
  const beside = new Set<number>()
  const edges: GraphEdge[] = []
  const path = [...onPath].sort((a, b) => a - b)
  for (const at of path) {
    for (const { from, edge } of index.incoming[at] ?? []) {
      edges.push(edge)
      if (!onPath.has(from)) beside.add(from)
    }
  }
  return {
    path: nodesAt(index, path),
    blanket: nodesAt(
      index,
      [...beside].sort((a, b) => a - b),
    ),
    edges,
  }
}

function nodesAt(index: GraphIndex, positions: readonly number[]): GraphNode[] {
  return positions.flatMap((at) => index.nodes[at] ?? [])
}
