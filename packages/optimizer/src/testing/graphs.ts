import {
  type EdgeKind,
  edgeKinds,
  type Json,
  parameterKind,
  parameterVersion,
  valueHash,
} from '@trace2/core'
import type { GraphEdge, GraphNode, NodeId, RunGraph } from '@trace2/store'
import fc from 'fast-check'

export const TRACE = 'a'.repeat(32)

/** Builds run graphs by hand, the way a store would derive them. */
export class GraphBuilder {
  readonly #nodes: GraphNode[] = []
  readonly #edges: GraphEdge[] = []
  readonly #levels = new Map<NodeId, number>()
  readonly trace: string

  constructor(trace: string = TRACE) {
    this.trace = trace
  }

  parameter(
    name: string,
    value: Json,
    options: { trainable?: boolean; description?: string; schema?: Json } = {},
  ): NodeId {
    const version = parameterVersion(value)
    const id = `param:${name}@${version}`
    this.#levels.set(id, 0)
    this.#nodes.push({
      id,
      level: 0,
      kind: 'parameter',
      name,
      version,
      value,
      valueKind: parameterKind(value, options.schema ?? null),
      trainable: options.trainable ?? true,
      description: options.description ?? '',
      schema: options.schema ?? null,
    })
    return id
  }

  input(value: Json): NodeId {
    const id = `value:${valueHash(value)}`
    if (this.#levels.has(id)) return id
    this.#levels.set(id, 0)
    this.#nodes.push({ id, level: 0, kind: 'input', value })
    return id
  }

  op(
    op: string,
    inputs: readonly (readonly [role: string, from: NodeId, how?: EdgeKind])[],
    value: Json,
    options: Partial<Extract<GraphNode, { op: string }>> = {},
  ): NodeId {
    const spanId = this.#nodes.length.toString(16).padStart(16, '0')
    const id = `span:${this.trace}:${spanId}`
    const level = Math.max(-1, ...inputs.map(([, from]) => this.#levels.get(from) ?? 0)) + 1
    this.#levels.set(id, level)
    this.#nodes.push({
      id,
      level,
      kind: 'op',
      traceId: this.trace,
      spanId,
      parent: null,
      run: false,
      op,
      description: '',
      sourceHash: null,
      dialect: 'trace2',
      inputs: {},
      templates: {},
      value,
      errorFrame: null,
      model: null,
      startedAt: `2026-01-01T00:00:00.${String(this.#nodes.length).padStart(9, '0')}Z`,
      durationMs: 1,
      ...options,
    })
    for (const [role, from, how = 'exact'] of inputs) {
      this.#edges.push({ from, to: id, role, pointer: '', how })
    }
    return id
  }

  build(output?: NodeId): RunGraph {
    const nodes = [...this.#nodes].sort((a, b) => a.level - b.level)
    return {
      run: this.trace,
      output: output ?? this.#nodes.at(-1)?.id ?? '',
      nodes,
      edges: this.#edges,
      repairs: [],
    }
  }
}

export const spanOf = (id: NodeId) => {
  const [, traceId = '', spanId = ''] = id.split(':')
  return { traceId, spanId }
}

/**
 * Random agent-shaped graphs: recent values are used more often (so that skip connections are frequent), values
 * repeat, the same node is passed twice, intermediates are shared, edges are of all kinds.
 */
export function arbitraryGraph(maxOps = 30): fc.Arbitrary<RunGraph> {
  return fc
    .record({
      parameters: fc.integer({ min: 1, max: 5 }),
      inputs: fc.integer({ min: 0, max: 3 }),
      ops: fc.array(
        fc.record({
          name: fc.constantFrom('plan', 'search', 'draft', 'judge', 'merge'),
          back: fc.array(fc.tuple(fc.nat(1_000_000), fc.constantFrom(...edgeKinds)), {
            minLength: 0,
            maxLength: 4,
          }),
          value: fc.constantFrom('same', '', null, 1, 'other'),
        }),
        // Without a size, fast-check would hardly go beyond ten.
        { minLength: 1, maxLength: maxOps, size: 'max' },
      ),
      trainable: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
    })
    .map(({ parameters, inputs, ops, trainable }) => {
      const builder = new GraphBuilder()
      const ids: NodeId[] = []
      for (let i = 0; i < parameters; i++) {
        ids.push(builder.parameter(`p${i}`, 'same', { trainable: trainable[i] ?? true }))
      }
      for (let i = 0; i < inputs; i++) ids.push(builder.input(`input ${i}`))
      for (const { name, back, value } of ops) {
        const from = back.map(([draw, how], at) => {
          // Squaring the draw favours what was made last.
          const distance = Math.floor((draw / 1_000_001) ** 2 * ids.length)
          return [`in${at}`, ids[ids.length - 1 - distance] ?? '', how] as const
        })
        ids.push(builder.op(name, from, value))
      }
      return builder.build()
    })
}
