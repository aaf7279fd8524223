import { type EdgeKind, valueHash } from '@trace2/core'
import { acyclic, compareText, type NumberedEdges } from './acyclic.ts'
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
  const candidates = new Numbered([...ops.values(), ...parts.inputs, ...parts.parameters])
  for (const { node, entry } of parts.malformed) {
    if (ops.has(node)) repairs.push({ kind: 'malformed-input', node, detail: entry })
  }
  for (const detail of parts.leftOut) repairs.push({ kind: 'left-out', node: output, detail })
  const told =
    again.size === 0
      ? parts.edges
      : parts.edges.filter(({ from, to }) => !again.has(from) && !again.has(to))
  const given = withoutToolsOwnWords(underAgentsNames(told, ops), ops)
  const wanted = options.edges && new Set(options.edges)
  const edges = new DistinctEdges(ops.size)
  const follow = (edge: GraphEdge) => {
    const to = candidates.numberOf(edge.to)
    const consumer = to < ops.size ? candidates.nodes[to] : undefined
    if (!consumer || !('op' in consumer) || (wanted && !wanted.has(edge.how))) return
    const from = candidates.numberOf(edge.from)
    if (from < candidates.nodes.length) {
      edges.add(edge, from, to)
      return
    }
    const detail = `${edge.role}=${edge.from}`
    if (options.leftOut.has(edge.from)) {
      repairs.push({ kind: 'unfollowed-link', node: edge.to, detail })
    } else if (!all.has(edge.from) && !options.elsewhere.has(edge.from)) {
      repairs.push({ kind: 'missing-producer', node: edge.to, detail })
    }
    const stand = standIn(edge, consumer)
    if (stand) edges.add(stand.edge, candidates.add(stand.node), to)
  }
  const orphans = orphanEdges(ops, output, options, repairs)
  for (const edge of given) follow(edge)
  for (const edge of orphans) follow(edge)
  const started = (id: NodeId) => ops.get(id)?.startedAt ?? ''
  const { kept, removed, level } = acyclic(edges.numbered(), candidates.nodes.length, started)
  for (const edge of removed) {
    repairs.push({
      kind: 'cycle',
      node: edge.to,
      detail: `${edge.role}=${edge.from} (${edge.how})`,
    })
  }
  const used = new Uint8Array(candidates.nodes.length)
  for (const from of kept.from) used[from] = 1
  const order: number[] = []
  for (const [number, node] of candidates.nodes.entries()) {
    if (number >= ops.size && used[number] !== 1) continue
    order.push(number)
    if (node.kind === 'parameter' && parts.unknown.has(node.id)) {
      repairs.push({ kind: 'missing-parameter', node: node.id, detail: node.name })
    }
  }
  const { nodes: unordered } = candidates
  order.sort((a, b) => (level[a] ?? 0) - (level[b] ?? 0) || byStart(unordered[a], unordered[b]))
  const nodes = order.flatMap((number): GraphNode | [] => {
    const node = unordered[number]
    return node ? { ...node, level: level[number] ?? 0 } : []
  })
  return { run: options.run, output, nodes, edges: inOrder(kept, order, unordered.length), repairs }
}

/** Nodes by numbers: what is asked of them again and again is looked up by its id once. */
class Numbered {
  readonly nodes: GraphNode[] = []
  readonly #numbers = new Map<NodeId, number>()

  constructor(nodes: readonly GraphNode[]) {
    for (const node of nodes) this.add(node)
  }

  /** Of two with one id, the later one stays, under the number of the first. */
  add(node: GraphNode): number {
    const number = this.numberOf(node.id)
    if (number === this.nodes.length) this.#numbers.set(node.id, number)
    this.nodes[number] = node
    return number
  }

  /** The number after the last where there is no such node. */
  numberOf(id: NodeId): number {
    return this.#numbers.get(id) ?? this.nodes.length
  }
}

function byStart(a: GraphNode | undefined, b: GraphNode | undefined): number {
  if (!a || !b) return 0
  return compareText(startOf(a), startOf(b)) || compareText(a.id, b.id)
}

function startOf(node: GraphNode): string {
  return 'startedAt' in node ? node.startedAt : ''
}

/** Edges by their consumer's place in the order of the nodes, then by role, producer and pointer. */
function inOrder(
  { edges, from, to }: NumberedEdges,
  order: readonly number[],
  numbers: number,
): readonly GraphEdge[] {
  const place = new Int32Array(numbers)
  for (const [at, number] of order.entries()) place[number] = at
  const into = order.map((): number[] => [])
  for (let edge = 0; edge < to.length; edge++) into[place[to[edge] ?? 0] ?? 0]?.push(edge)
  const before = (one: number, other: number) => {
    const [a, b] = [edges[one], edges[other]]
    if (!a || !b) return 0
    return (
      compareText(a.role, b.role) ||
      (place[from[one] ?? 0] ?? 0) - (place[from[other] ?? 0] ?? 0) ||
      compareText(a.pointer, b.pointer) ||
      compareText(a.how, b.how)
    )
  }
  const ordered: GraphEdge[] = []
  for (const some of into) {
    if (some.length > 1) some.sort(before)
    for (const at of some) {
      const edge = edges[at]
      if (edge) ordered.push(edge)
    }
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

/** Edges with the numbers of their ends, each where it came first. */
class DistinctEdges {
  readonly #edges: GraphEdge[] = []
  readonly #from: number[] = []
  readonly #to: number[] = []
  /** Edges into each node. */
  readonly #into: (GraphEdge[] | undefined)[]
  readonly #keys = new Map<number, Set<string>>()

  constructor(nodes: number) {
    this.#into = new Array(nodes)
  }

  add(edge: GraphEdge, from: number, to: number): void {
    const before = this.#into[to]
    if (!before) this.#into[to] = [edge]
    else if (before.some((other) => isSame(edge, other))) return
    else if (before.length < COMPARED) before.push(edge)
    else {
      const further = this.#keys.get(to) ?? new Set()
      this.#keys.set(to, further)
      const { size } = further
      if (further.add(keyOf(edge)).size === size) return
    }
    this.#edges.push(edge)
    this.#from.push(from)
    this.#to.push(to)
  }

  numbered(): NumberedEdges {
    return { edges: this.#edges, from: Int32Array.from(this.#from), to: Int32Array.from(this.#to) }
  }
}

function isSame(a: GraphEdge, b: GraphEdge): boolean {
  return a.from === b.from && a.role === b.role && a.how === b.how && a.pointer === b.pointer
}

function keyOf({ from, how, role, pointer }: GraphEdge): string {
  const part = pointer === '' ? `=${role}` : JSON.stringify([role, pointer])
  return `${from} ${how} ${part}`
}
