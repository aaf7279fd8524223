import { type EdgeKind, valueHash } from '@trace2/core'
import { acyclic, compareText } from './acyclic.ts'
import { withoutCarriers } from './carriers.ts'
import type { GraphEdge, GraphNode, InputNode, NodeId, OpNode, Repair, RunGraph } from './graph.ts'
import { underAgentsNames } from './named-prompts.ts'
import { nodeId } from './node-id.ts'
import { capturedInput, type GraphParts, spanNodeId } from './parts.ts'
import { toldTwice } from './told-twice.ts'
import { withoutToolsOwnWords } from './tool-descriptions.ts'

export interface AssembleOptions {
  /** `<traceId>` or `<traceId>:<spanId>`. */
  readonly run: string
  /** Span whose value is the run's result. */
  readonly output: { readonly traceId: string; readonly spanId: string }
  /** Edge kinds that count; absent is all. */
  readonly edges: readonly EdgeKind[] | undefined
  /** Nodes outside the parts that are known to be stored: their absence from the run needs no repair. */
  readonly elsewhere: ReadonlySet<NodeId>
  /** Those of them that belong to the graph, and were too many to be read. */
  readonly leftOut: ReadonlySet<NodeId>
}

/** Makes one run's graph of its trace's parts: the run's own nodes, mended, acyclic and in order. */
export function assemble(stored: GraphParts, options: AssembleOptions): RunGraph {
  const parts =
    stored.carriers.size === 0
      ? stored
      : { ...stored, ...withoutCarriers(stored.ops, stored.edges, stored.carriers) }
  const repairs: Repair[] = []
  const output = spanNodeId(options.output.traceId, options.output.spanId)
  const again = toldTwice(parts.ops, parts.responses)
  const all = byId(again.size === 0 ? parts.ops : parts.ops.filter(({ id }) => !again.has(id)))
  const ops = options.run.includes(':') ? opsInside(output, all) : all
  const inputs = byId<InputNode>(parts.inputs)
  const parameters = byId(parts.parameters)
  for (const { node, entry } of parts.malformed) {
    if (ops.has(node)) repairs.push({ kind: 'malformed-input', node, detail: entry })
  }
  for (const detail of parts.leftOut) repairs.push({ kind: 'left-out', node: output, detail })
  const edges: GraphEdge[] = []
  const told =
    again.size === 0
      ? parts.edges
      : parts.edges.filter(({ from, to }) => !again.has(from) && !again.has(to))
  const given = withoutToolsOwnWords(underAgentsNames(told, ops), ops)
  for (const edge of [...given, ...orphanEdges(ops, output, options, repairs)]) {
    const consumer = ops.get(edge.to)
    if (!consumer || (options.edges && !options.edges.includes(edge.how))) continue
    if (ops.has(edge.from) || inputs.has(edge.from) || parameters.has(edge.from)) {
      edges.push(edge)
      continue
    }
    const detail = `${edge.role}=${edge.from}`
    if (options.leftOut.has(edge.from)) {
      repairs.push({ kind: 'unfollowed-link', node: edge.to, detail })
    } else if (!all.has(edge.from) && !options.elsewhere.has(edge.from)) {
      repairs.push({ kind: 'missing-producer', node: edge.to, detail })
    }
    const stand = standIn(edge, consumer)
    if (!stand) continue
    inputs.set(stand.node.id, stand.node)
    edges.push(stand.edge)
  }
  const started = (id: NodeId) => ops.get(id)?.startedAt ?? ''
  const { kept, removed, level } = acyclic(distinct(edges), started)
  for (const edge of removed) {
    repairs.push({
      kind: 'cycle',
      node: edge.to,
      detail: `${edge.role}=${edge.from} (${edge.how})`,
    })
  }
  const used = new Set<NodeId>()
  for (const { from } of kept) used.add(from)
  const unordered: GraphNode[] = [...ops.values()]
  for (const node of inputs.values()) if (used.has(node.id)) unordered.push(node)
  for (const node of parameters.values()) {
    if (!used.has(node.id)) continue
    unordered.push(node)
    if (parts.unknown.has(node.id))
      repairs.push({ kind: 'missing-parameter', node: node.id, detail: node.name })
  }
  const nodes = unordered
    .map((node) => ({ ...node, level: level.get(node.id) ?? 0 }))
    .sort(
      (a, b) => a.level - b.level || compareText(startOf(a), startOf(b)) || compareText(a.id, b.id),
    )
  return { run: options.run, output, nodes, edges: inOrder(kept, nodes), repairs }
}

function startOf(node: GraphNode): string {
  return 'startedAt' in node ? node.startedAt : ''
}

/** Edges by their consumer's place among the nodes, then by role, producer and pointer. */
function inOrder(edges: readonly GraphEdge[], nodes: readonly GraphNode[]): GraphEdge[] {
  const place = new Map<NodeId, number>()
  for (const [index, { id }] of nodes.entries()) place.set(id, index)
  const at = (id: NodeId) => place.get(id) ?? 0
  const into = nodes.map((): GraphEdge[] => [])
  for (const edge of edges) into[at(edge.to)]?.push(edge)
  const order = (a: GraphEdge, b: GraphEdge) =>
    compareText(a.role, b.role) ||
    at(a.from) - at(b.from) ||
    compareText(a.pointer, b.pointer) ||
    compareText(a.how, b.how)
  const ordered: GraphEdge[] = []
  for (const some of into) {
    if (some.length > 1) some.sort(order)
    for (const edge of some) ordered.push(edge)
  }
  return ordered
}

/** An operator and all that ran inside it. */
function opsInside(outermost: NodeId, all: ReadonlyMap<NodeId, OpNode>): Map<NodeId, OpNode> {
  const children = new Map<NodeId, NodeId[]>()
  for (const op of all.values()) {
    if (op.parent === null) continue
    const parent = spanNodeId(op.traceId, op.parent)
    const list = children.get(parent)
    if (list) list.push(op.id)
    else children.set(parent, [op.id])
  }
  const inside = new Map<NodeId, OpNode>()
  const stack = [outermost]
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const op = all.get(id)
    if (!op || inside.has(id)) continue
    inside.set(id, op)
    for (const child of children.get(id) ?? []) stack.push(child)
  }
  return inside
}

/** An operator whose parent was never received ran somewhere inside the run: its result may have reached the output. */
function orphanEdges(
  ops: ReadonlyMap<NodeId, OpNode>,
  output: NodeId,
  { run, elsewhere }: AssembleOptions,
  repairs: Repair[],
): GraphEdge[] {
  // By trace and span: ids that are joined only to be looked up cost more than all the rest here.
  const present = new Map<string, Set<string>>()
  for (const { traceId, spanId } of ops.values()) {
    const some = present.get(traceId)
    if (some) some.add(spanId)
    else present.set(traceId, new Set([spanId]))
  }
  const edges: GraphEdge[] = []
  for (const op of ops.values()) {
    if (op.parent === null || present.get(op.traceId)?.has(op.parent)) continue
    // The run's own span has its parent outside the run, or is a root whose parent another process kept.
    if (op.id === output && run.includes(':')) continue
    // The one around an operator that a link leads to is left out where nothing came from it.
    if (elsewhere.has(spanNodeId(op.traceId, op.parent))) continue
    repairs.push({ kind: 'missing-parent', node: op.id, detail: op.parent })
    if (op.id === output) continue
    edges.push({ from: op.id, to: output, role: 'contains', pointer: '', how: 'contains' })
  }
  return edges
}

/** A producer that is not part of the run is an external value to it: what the consumer captured under the role. */
function standIn(
  edge: GraphEdge,
  consumer: OpNode,
): { readonly node: InputNode; readonly edge: GraphEdge } | undefined {
  const value = capturedInput(consumer, edge.role)
  if (value === undefined) return undefined
  const id = nodeId('value', valueHash(value), '')
  return {
    node: { kind: 'input', id, level: 0, value },
    edge: { from: id, to: edge.to, role: edge.role, pointer: '', how: 'exact' },
  }
}

function byId<Node extends GraphNode>(nodes: readonly Node[]): Map<NodeId, Node> {
  const found = new Map<NodeId, Node>()
  for (const node of nodes) found.set(node.id, node)
  return found
}

/** Of so many edges into one node, each is compared with those before it: a text to tell it by takes longer to make. */
const COMPARED = 16

/** Each edge once, where it came first. */
function distinct(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const into = new Map<NodeId, GraphEdge[]>()
  const keys = new Map<NodeId, Set<string>>()
  return edges.filter((edge) => {
    const before = into.get(edge.to)
    if (!before) {
      into.set(edge.to, [edge])
      return true
    }
    if (before.some((other) => isSame(edge, other))) return false
    if (before.length < COMPARED) {
      before.push(edge)
      return true
    }
    const further = keys.get(edge.to) ?? new Set()
    keys.set(edge.to, further)
    const { size } = further
    return further.add(keyOf(edge)).size > size
  })
}

function isSame(a: GraphEdge, b: GraphEdge): boolean {
  return a.from === b.from && a.role === b.role && a.how === b.how && a.pointer === b.pointer
}

function keyOf({ from, how, role, pointer }: GraphEdge): string {
  const part = pointer === '' ? `=${role}` : JSON.stringify([role, pointer])
  return `${from} ${how} ${part}`
}
