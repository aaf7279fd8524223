import type { NodeId, OpNode } from './graph.ts'
import type { GraphParts } from './parts.ts'

/** Several traces whose operators use one another's outputs. */
export interface JoinedTraces {
  readonly ops: ReadonlyMap<NodeId, OpNode>
  /**
   * A trace's parts, with those of the operators of the others from which its data came, directly or over others. What
   * else there is in the others is left out.
   */
  withUpstream(traceId: string): GraphParts
}

/** Joins the parts of traces, by trace id. Each {@link JoinedTraces.withUpstream} costs what it gives. */
export function joinTraces(traces: ReadonlyMap<string, GraphParts>): JoinedTraces {
  const all = [...traces.values()]
  const ops = new Map(all.flatMap((parts) => parts.ops).map((op) => [op.id, op]))
  const producers = new Map<NodeId, NodeId[]>()
  for (const { edges } of all) {
    for (const { from, to } of edges) {
      if (!ops.has(from)) continue
      const list = producers.get(to)
      if (list) list.push(from)
      else producers.set(to, [from])
    }
  }
  return {
    ops,
    withUpstream(traceId) {
      const own = traces.get(traceId)
      const needed = new Map<NodeId, OpNode>()
      const parts = new Set(own && [own])
      const stack = (own?.ops ?? []).map((op) => op.id)
      for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
        const op = ops.get(id)
        if (!op || needed.has(id)) continue
        needed.set(id, op)
        const of = traces.get(op.traceId)
        if (of) parts.add(of)
        for (const producer of producers.get(id) ?? []) stack.push(producer)
      }
      return merged([...parts], [...needed.values()])
    },
  }
}

function merged(all: readonly GraphParts[], ops: readonly OpNode[]): GraphParts {
  return {
    ops,
    parameters: all.flatMap((parts) => parts.parameters),
    unknown: new Set(all.flatMap((parts) => [...parts.unknown])),
    inputs: all.flatMap((parts) => parts.inputs),
    edges: all.flatMap((parts) => parts.edges),
    leftOut: all.flatMap((parts) => parts.leftOut),
    malformed: all.flatMap((parts) => parts.malformed),
    responses: new Map(all.flatMap((parts) => [...parts.responses])),
    carriers: new Set(all.flatMap((parts) => [...parts.carriers])),
  }
}
