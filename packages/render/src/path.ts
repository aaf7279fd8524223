import { groupBy } from '@trace2/core'
import type { NodeId } from '@trace2/store'
import type { BackwardPass, ReachedParameter } from './backward-pass.ts'

/** Nodes from the nearest one with feedback back to the parameter, along a shortest path. O(V+E) of its subgraph. */
export function shortestPath(
  { parameter, subgraph }: ReachedParameter,
  { targets }: BackwardPass,
): NodeId[] {
  const ends = new Set(targets.map(({ node }) => node))
  const consumers = groupBy(subgraph.edges, (edge) => edge.from)
  const producer = new Map<NodeId, NodeId | undefined>([[parameter.id, undefined]])
  // A Map is iterated in order of insertion, additions included: it is the queue of a breadth-first search.
  for (const node of producer.keys()) {
    if (ends.has(node)) return back(node, producer)
    for (const { to } of consumers.get(node) ?? []) if (!producer.has(to)) producer.set(to, node)
  }
  return [parameter.id]
}

function back(end: NodeId, producer: ReadonlyMap<NodeId, NodeId | undefined>): NodeId[] {
  const path: NodeId[] = []
  for (let at: NodeId | undefined = end; at !== undefined; at = producer.get(at)) path.push(at)
  return path
}
