import { sha256 } from '@trace2/core'
import type { GraphNode, NodeId, OpNode } from '@trace2/store'
import type { Subgraph } from '../backward/index.ts'
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
  const label = new Map(nodes.map((node) => [node.id, labelOf(node)]))
  const level = new Map<NodeId, number>()
  const above = new Map<NodeId, number>()
  for (const node of nodes) {
    const producers = incoming.get(node.id) ?? []
    level.set(node.id, Math.max(-1, ...producers.map(({ other }) => level.get(other) ?? 0)) + 1)
    above.set(node.id, digest(label.get(node.id) ?? '', producers, above))
  }
  const below = new Map<NodeId, number>()
  for (const node of nodes.toReversed()) {
    const marks = `${path.has(node.id)} ${targets.has(node.id)}`
    below.set(node.id, digest(marks, outgoing.get(node.id) ?? [], below))
  }
  const order = (of: ReadonlyMap<NodeId, number>, a: GraphNode, b: GraphNode) =>
    (of.get(a.id) ?? 0) - (of.get(b.id) ?? 0)
  const sorted = nodes.toSorted(
    (a, b) =>
      order(level, a, b) ||
      order(above, a, b) ||
      order(below, a, b) ||
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
    sorted.map((node) => [label.get(node.id), path.has(node.id), targets.has(node.id)]),
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

/** A number for a label and what its links lead to, the same for the same, whatever their order. */
function digest(label: string, links: readonly Link[], known: ReadonlyMap<NodeId, number>): number {
  const parts = links.map((link) => `${link.label} ${known.get(link.other) ?? 0}`).sort()
  return hash53([label, ...parts].join('\n'))
}

/**
 * 53 bits of a text (two lanes of FNV-1a). It only orders nodes: where two texts collide, start times decide, and the
 * key of the shape is made from the whole structure.
 */
function hash53(text: string): number {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x85ebca6b)
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0)
}

function labelOf(node: GraphNode): string {
  switch (node.kind) {
    case 'parameter':
      return `parameter ${node.name}`
    case 'input':
      return 'input'
    default:
      return JSON.stringify([node.kind, node.op, node.sourceHash, templatesOf(node)])
  }
}

function templatesOf({ templates }: OpNode): [role: string, text: string][] {
  return Object.entries(templates).sort(([a], [b]) => compareText(a, b))
}

function startOf(node: GraphNode): string {
  return 'startedAt' in node ? node.startedAt : ''
}
