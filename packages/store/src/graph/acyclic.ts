import type { EdgeKind } from '@trace2/core'
import type { GraphEdge, NodeId } from './graph.ts'
import { type Ends, type Levels, levels } from './levels.ts'

const strength: Readonly<Record<EdgeKind, number>> = {
  contains: 0,
  link: 1,
  text: 2,
  hash: 3,
  value: 4,
  template: 5,
  identity: 6,
  exact: 7,
}

/** Edges with the numbers of their ends, all in the same order. */
export interface NumberedEdges extends Ends {
  readonly edges: readonly GraphEdge[]
}

/**
 * Removes the weakest edge of each cycle, of equals the one whose producer started last (then the greater ids), and
 * gives the levels of what is left.
 *
 * @param nodes how many nodes are numbered.
 */
export function acyclic(
  all: NumberedEdges,
  nodes: number,
  startOf: (node: NodeId) => string,
): Pick<Levels, 'level'> & {
  readonly kept: NumberedEdges
  readonly removed: readonly GraphEdge[]
} {
  const { level, cyclic } = levels(all, nodes)
  if (!cyclic) return { kept: all, removed: [], level }
  const removed = closingCycles(all.edges, startOf)
  const gone = new Set<GraphEdge | undefined>(removed)
  const stays = (_: unknown, at: number) => !gone.has(all.edges[at])
  const kept = {
    edges: all.edges.filter(stays),
    from: all.from.filter(stays),
    to: all.to.filter(stays),
  }
  return { kept, removed, level: levels(kept, nodes).level }
}

/**
 * Steps that looking for cycles may take. Graphs that are found in practice take thousands. What is not looked into is
 * taken for part of a cycle: the strongest edges are looked into first.
 */
const MOST_STEPS = 5_000_000

/**
 * Only edges within a strongly connected component can close a cycle; those are put back strongest first, and one
 * that closes a cycle with the stronger ones is the weakest of that cycle.
 */
function closingCycles(
  edges: readonly GraphEdge[],
  startOf: (node: NodeId) => string,
): GraphEdge[] {
  const component = components(edges)
  const inCycle = (edge: GraphEdge) =>
    edge.from === edge.to || component.get(edge.from) === component.get(edge.to)
  const removed: GraphEdge[] = []
  const successors = new Map<NodeId, NodeId[]>()
  const doubtful = edges
    .filter(inCycle)
    .sort(
      (a, b) =>
        strength[b.how] - strength[a.how] ||
        compareText(startOf(a.from), startOf(b.from)) ||
        compareText(a.from, b.from) ||
        compareText(a.to, b.to) ||
        compareText(a.role, b.role),
    )
  const steps = { left: MOST_STEPS }
  for (const edge of doubtful) {
    if (reaches(successors, edge.to, edge.from, steps)) removed.push(edge)
    else {
      const next = successors.get(edge.from)
      if (next) next.push(edge.to)
      else successors.set(edge.from, [edge.to])
    }
  }
  return removed
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function reaches(
  successors: ReadonlyMap<NodeId, readonly NodeId[]>,
  from: NodeId,
  to: NodeId,
  steps: { left: number },
): boolean {
  if (from === to) return true
  const seen = new Set([from])
  const stack = [from]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const next of successors.get(node) ?? []) {
      if (next === to || steps.left-- <= 0) return true
      if (seen.has(next)) continue
      seen.add(next)
      stack.push(next)
    }
  }
  return false
}

/** Strongly connected components (Tarjan 1972), iteratively, so that a long chain does not exhaust the stack. */
function components(edges: readonly GraphEdge[]): Map<NodeId, number> {
  const successors = new Map<NodeId, NodeId[]>()
  for (const { from, to } of edges) {
    const next = successors.get(from)
    if (next) next.push(to)
    else successors.set(from, [to])
    if (!successors.has(to)) successors.set(to, [])
  }
  const index = new Map<NodeId, number>()
  const low = new Map<NodeId, number>()
  const component = new Map<NodeId, number>()
  const open: NodeId[] = []
  let count = 0
  for (const root of successors.keys()) {
    if (index.has(root)) continue
    const path = [{ node: root, next: 0 }]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node } = top
      if (!index.has(node)) {
        index.set(node, index.size)
        low.set(node, index.get(node) ?? 0)
        open.push(node)
      }
      const successor = successors.get(node)?.[top.next++]
      if (successor !== undefined) {
        if (!index.has(successor)) path.push({ node: successor, next: 0 })
        else if (!component.has(successor)) lower(low, node, index.get(successor) ?? 0)
        continue
      }
      if (low.get(node) === index.get(node)) {
        for (let member = open.pop(); member !== undefined; member = open.pop()) {
          component.set(member, count)
          if (member === node) break
        }
        count++
      }
      path.pop()
      const parent = path.at(-1)
      if (parent) lower(low, parent.node, low.get(node) ?? 0)
    }
  }
  return component
}

function lower(low: Map<NodeId, number>, node: NodeId, value: number): void {
  if (value < (low.get(node) ?? 0)) low.set(node, value)
}
