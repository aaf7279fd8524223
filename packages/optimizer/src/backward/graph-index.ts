import type { EdgeKind } from '@trace2/core'
import type { GraphEdge, GraphNode, NodeId, RunGraph } from '@trace2/store'
import { compareText } from '../text/order.ts'

/**
 * A graph prepared for walking: nodes by position in an order in which a producer always precedes its consumers, and
 * the edges of each node, by number. Typed arrays, because a graph may have a hundred thousand nodes and every backward
 * pass begins here. O(V+E) for a graph that comes sorted, as the store's do.
 */
export interface GraphIndex {
  readonly graph: RunGraph
  /** In topological order. Positions refer to this array. */
  readonly nodes: readonly GraphNode[]
  readonly position: ReadonlyMap<NodeId, number>
  /** The edges that count. Edge numbers refer to this array and the next two. */
  readonly edges: readonly GraphEdge[]
  /** Position of the producer of each edge. */
  readonly from: Int32Array
  /** Position of the consumer of each edge. */
  readonly to: Int32Array
  readonly incoming: Adjacency
  readonly outgoing: Adjacency
}

/** Calls back with the number of each edge into, or out of, the node at a position. */
export type Adjacency = (at: number, each: (edge: number) => void) => void

/** Indexes a graph, with only the edges of the given kinds if any are given. Edges to unknown nodes are left out. */
export function indexGraph(graph: RunGraph, edgeKinds?: readonly EdgeKind[]): GraphIndex {
  if (edgeKinds || graph.nodes.length < KEPT_FROM) return makeIndex(graph, edgeKinds)
  // Passes are repeated on one graph, with other feedback; most of their time would go into this.
  const known = indices.get(graph)
  if (known) return known
  const index = makeIndex(graph)
  indices.set(graph, index)
  return index
}

/**
 * Nodes from which on the index of a graph is kept. While thousands of small graphs stream by, a kept index holds its graph
 * until all of memory is looked through, and moving those about took longer than making indices anew.
 */
const KEPT_FROM = 1_000
const indices = new WeakMap<RunGraph, GraphIndex>()

function makeIndex(graph: RunGraph, edgeKinds?: readonly EdgeKind[]): GraphIndex {
  const wanted = edgeKinds && new Set(edgeKinds)
  const counted = wanted ? graph.edges.filter((edge) => wanted.has(edge.how)) : graph.edges
  const given = resolve(graph.nodes, counted)
  if (isOrdered(given)) return finish(graph, graph.nodes, given)
  const nodes = ordered(graph.nodes, given)
  const again = resolve(nodes, counted)
  // What still leads backwards lies on a cycle, which a store never gives.
  const forward = again.edges.filter((_edge, at) => (again.from[at] ?? 0) < (again.to[at] ?? 0))
  return finish(graph, nodes, resolve(nodes, forward))
}

interface Resolved {
  readonly position: ReadonlyMap<NodeId, number>
  readonly edges: readonly GraphEdge[]
  readonly from: Int32Array
  readonly to: Int32Array
}

function resolve(nodes: readonly GraphNode[], candidates: readonly GraphEdge[]): Resolved {
  const position = positions(nodes)
  const from = new Int32Array(candidates.length)
  const to = new Int32Array(candidates.length)
  let missing = 0
  let consumer = -1
  for (let at = 0; at < candidates.length; at++) {
    const edge = candidates[at]
    if (!edge) continue
    // Edges mostly come in the order of their consumers, and often from the node before: comparing two ids is several
    // times as quick as looking one up.
    consumer = eitherOf(nodes, consumer, consumer + 1, edge.to) ?? position.get(edge.to) ?? -1
    const before = consumer - 1
    const producer = nodes[before]?.id === edge.from ? before : (position.get(edge.from) ?? -1)
    from[at] = producer
    to[at] = consumer
    if (producer < 0 || consumer < 0) missing++
  }
  if (missing === 0) return { position, edges: candidates, from, to }
  const known = (_: unknown, at: number) => (from[at] ?? -1) >= 0 && (to[at] ?? -1) >= 0
  return {
    position,
    edges: candidates.filter(known),
    from: from.filter(known),
    to: to.filter(known),
  }
}

function positions(nodes: readonly GraphNode[]): ReadonlyMap<NodeId, number> {
  const position = new Map<NodeId, number>()
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]
    if (node) position.set(node.id, at)
  }
  return position
}

/** Which of two positions has the node of this id. */
function eitherOf(
  nodes: readonly GraphNode[],
  one: number,
  other: number,
  id: NodeId,
): number | undefined {
  if (nodes[one]?.id === id) return one
  return nodes[other]?.id === id ? other : undefined
}

function finish(graph: RunGraph, nodes: readonly GraphNode[], resolved: Resolved): GraphIndex {
  return {
    graph,
    nodes,
    ...resolved,
    incoming: adjacency(resolved.to, nodes.length),
    outgoing: adjacency(resolved.from, nodes.length),
  }
}

/** Groups edge numbers by one of their ends (a counting sort). */
function adjacency(ends: Int32Array, size: number): Adjacency {
  const start = new Int32Array(size + 1)
  for (const at of ends) start[at + 1] = (start[at + 1] ?? 0) + 1
  for (let at = 1; at <= size; at++) start[at] = (start[at] ?? 0) + (start[at - 1] ?? 0)
  const next = start.slice()
  const grouped = new Int32Array(ends.length)
  for (let edge = 0; edge < ends.length; edge++) {
    const at = ends[edge] ?? 0
    const slot = next[at] ?? 0
    grouped[slot] = edge
    next[at] = slot + 1
  }
  return (at, each) => {
    const end = start[at + 1] ?? 0
    for (let slot = start[at] ?? 0; slot < end; slot++) each(grouped[slot] ?? 0)
  }
}

function isOrdered({ from, to }: Resolved): boolean {
  return from.every((producer, edge) => producer < (to[edge] ?? 0))
}

/** Kahn's order by level, start and id. Nodes on a cycle come last. */
function ordered(nodes: readonly GraphNode[], { from, to }: Resolved): readonly GraphNode[] {
  const waiting = new Int32Array(nodes.length)
  for (const at of to) waiting[at] = (waiting[at] ?? 0) + 1
  const outgoing = adjacency(from, nodes.length)
  const levels: number[] = nodes.map(() => Number.POSITIVE_INFINITY)
  let ready = [...nodes.keys()].filter((at) => waiting[at] === 0)
  for (let level = 0; ready.length > 0; level++) {
    const next: number[] = []
    for (const at of ready) {
      levels[at] = level
      outgoing(at, (edge) => {
        const consumer = to[edge] ?? 0
        waiting[consumer] = (waiting[consumer] ?? 0) - 1
        if (waiting[consumer] === 0) next.push(consumer)
      })
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
