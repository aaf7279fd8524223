import type { GraphNode, NodeId } from '@trace2/collector/store'
import { canonicalJson, sha256 } from '@trace2/instrumentation/semconv'
import type { Subgraph } from '../backward/subgraph.ts'
import { compareText } from '../text/order.ts'

/**
 * A subgraph with its nodes in an order that depends on structure alone: operator names, roles, source hashes and
 * edges, not on ids, times or values. Two runs of the same key have the same structure, position by position.
 */
export interface Shape {
  readonly key: string
  readonly nodes: readonly ShapeNode[]
  readonly edges: readonly ShapeEdge[]
}

export interface ShapeNode {
  readonly node: GraphNode
  readonly onPath: boolean
  /** Longest path to it within the subgraph. */
  readonly level: number
  /** Whether feedback lies on it. */
  readonly target: boolean
}

/** An edge between positions in {@link Shape.nodes}, ordered by consumer and role. */
export interface ShapeEdge {
  readonly from: number
  readonly to: number
  readonly role: string
  readonly pointer: string
}

/**
 * Brings a subgraph into its canonical order. Nodes are told apart by what is above and below them (hashes of
 * their ancestors' and descendants' structure); where even that is equal, by start time, so that a doubt can make
 * two equal shapes differ but never two different ones equal.
 */
export function shapeOf(subgraph: Subgraph, targets: ReadonlySet<NodeId>): Shape {
  const path = new Set(subgraph.path.map(({ id }) => id))
  const nodes = [...subgraph.blanket, ...subgraph.path]
  const incoming = new Map<NodeId, Link[]>(nodes.map(({ id }) => [id, []]))
  const outgoing = new Map<NodeId, Link[]>(nodes.map(({ id }) => [id, []]))
  for (const { from, to, role, pointer } of subgraph.edges) {
    incoming.get(to)?.push({ other: from, label: `${role} ${pointer}` })
    outgoing.get(from)?.push({ other: to, label: `${role} ${pointer}` })
  }
  const level = new Map<NodeId, number>()
  const above = new Map<NodeId, string>()
  for (const node of nodes) {
    const producers = incoming.get(node.id) ?? []
    level.set(node.id, Math.max(-1, ...producers.map(({ other }) => level.get(other) ?? 0)) + 1)
    above.set(node.id, digest(labelOf(node), producers, above))
  }
  const below = new Map<NodeId, string>()
  for (const node of nodes.toReversed()) {
    const marks = `${path.has(node.id)} ${targets.has(node.id)}`
    below.set(node.id, digest(marks, outgoing.get(node.id) ?? [], below))
  }
  const key = (id: NodeId) => `${above.get(id)} ${below.get(id)}`
  const sorted = nodes.toSorted(
    (a, b) =>
      (level.get(a.id) ?? 0) - (level.get(b.id) ?? 0) ||
      compareText(key(a.id), key(b.id)) ||
      compareText(startOf(a), startOf(b)) ||
      compareText(a.id, b.id),
  )
  const position = new Map(sorted.map(({ id }, at) => [id, at]))
  const edges = subgraph.edges
    .map(({ from, to, role, pointer }) => ({
      from: position.get(from) ?? 0,
      to: position.get(to) ?? 0,
      role,
      pointer,
    }))
    .sort(
      (a, b) =>
        a.to - b.to ||
        compareText(a.role, b.role) ||
        a.from - b.from ||
        compareText(a.pointer, b.pointer),
    )
  const structure = JSON.stringify([
    sorted.map((node) => [labelOf(node), path.has(node.id), targets.has(node.id)]),
    edges.map(({ from, to, role, pointer }) => [from, to, role, pointer]),
  ])
  return {
    key: sha256(structure).slice(0, 16),
    nodes: sorted.map((node) => ({
      node,
      onPath: path.has(node.id),
      level: level.get(node.id) ?? 0,
      target: targets.has(node.id),
    })),
    edges,
  }
}

interface Link {
  readonly other: NodeId
  readonly label: string
}

function digest(label: string, links: readonly Link[], known: ReadonlyMap<NodeId, string>): string {
  const parts = links.map((link) => `${link.label} ${known.get(link.other) ?? ''}`).sort()
  return sha256(JSON.stringify([label, parts])).slice(0, 16)
}

function labelOf(node: GraphNode): string {
  switch (node.kind) {
    case 'parameter':
      return `parameter ${node.name}`
    case 'input':
      return 'input'
    default:
      return canonicalJson([node.kind, node.op, node.sourceHash, node.templates])
  }
}

function startOf(node: GraphNode): string {
  return 'startedAt' in node ? node.startedAt : ''
}
