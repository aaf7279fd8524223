import type { GraphEdge, GraphNode, NodeId, RunGraph } from '@trace2/collector/store'
import type { EdgeKind } from '@trace2/instrumentation/semconv'
import { compareText } from '../text/order.ts'

/**
 * A graph prepared for walking: nodes by position in an order in which a producer always precedes its consumers,
 * and the edges of each node. Building it is O(V+E) for a graph that comes sorted, as the store's do.
 */
export interface GraphIndex {
  readonly graph: RunGraph
  /** In topological order. Positions below refer to this array. */
  readonly nodes: readonly GraphNode[]
  readonly position: ReadonlyMap<NodeId, number>
  /** Longest path from a root along the chosen edges, by position. */
  readonly levels: readonly number[]
  /** Edges into and out of the node at a position. */
  readonly incoming: readonly (readonly IndexedEdge[])[]
  readonly outgoing: readonly (readonly IndexedEdge[])[]
}

export interface IndexedEdge {
  readonly from: number
  readonly to: number
  readonly edge: GraphEdge
}

/** Indexes a graph, with only the edges of the given kinds if any are given. Edges to unknown nodes are left out. */
export function indexGraph(graph: RunGraph, edgeKinds?: readonly EdgeKind[]): GraphIndex {
  const counted = edgeKinds && new Set(edgeKinds)
  const edges = counted ? graph.edges.filter((edge) => counted.has(edge.how)) : graph.edges
  const nodes = isOrdered(graph.nodes, edges) ? graph.nodes : ordered(graph.nodes, edges)
  const position = positions(nodes)
  const incoming: IndexedEdge[][] = nodes.map(() => [])
  const outgoing: IndexedEdge[][] = nodes.map(() => [])
  const levels: number[] = nodes.map(() => 0)
  for (const edge of edges) {
    const from = position.get(edge.from)
    const to = position.get(edge.to)
    if (from === undefined || to === undefined || from >= to) continue
    const indexed = { from, to, edge }
    incoming[to]?.push(indexed)
    outgoing[from]?.push(indexed)
  }
  for (const [at, into] of incoming.entries()) {
    for (const { from } of into) levels[at] = Math.max(levels[at] ?? 0, (levels[from] ?? 0) + 1)
  }
  return { graph, nodes, position, levels, incoming, outgoing }
}

function positions(nodes: readonly GraphNode[]): Map<NodeId, number> {
  return new Map(nodes.map((node, at) => [node.id, at]))
}

/** Whether every producer stands before its consumers already. */
function isOrdered(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): boolean {
  const position = positions(nodes)
  return edges.every(({ from, to }) => (position.get(from) ?? -1) < (position.get(to) ?? Infinity))
}

/** Kahn's order by level, start and id. Nodes on a cycle, which a store never gives, come last. */
function ordered(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): readonly GraphNode[] {
  const position = positions(nodes)
  const waiting: number[] = nodes.map(() => 0)
  const consumers: number[][] = nodes.map(() => [])
  for (const edge of edges) {
    const from = position.get(edge.from)
    const to = position.get(edge.to)
    if (from === undefined || to === undefined) continue
    consumers[from]?.push(to)
    waiting[to] = (waiting[to] ?? 0) + 1
  }
  const levels: number[] = nodes.map(() => Number.POSITIVE_INFINITY)
  let ready = [...nodes.keys()].filter((at) => waiting[at] === 0)
  for (let level = 0; ready.length > 0; level++) {
    const next: number[] = []
    for (const at of ready) {
      levels[at] = level
      for (const to of consumers[at] ?? []) {
        waiting[to] = (waiting[to] ?? 0) - 1
        if (waiting[to] === 0) next.push(to)
      }
    }
    ready = next
  }
  const start = (node: GraphNode) => ('startedAt' in node ? node.startedAt : '')
  return nodes
    .map((node, at) => ({ node, level: levels[at] ?? 0 }))
    .sort(
      (a, b) =>
        (a.level === b.level ? 0 : a.level - b.level) ||
        compareText(start(a.node), start(b.node)) ||
        compareText(a.node.id, b.node.id),
    )
    .map(({ node }) => node)
}
