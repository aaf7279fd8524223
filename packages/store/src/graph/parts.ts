import type { Json } from '@trace2/core'
import type { GraphEdge, InputNode, NodeId, OpNode, ParameterNode } from './graph.ts'
import { nodeId } from './node-id.ts'

/** Nodes and edges of one trace as they are stored, before they are a graph: no node has a level but 0 yet. */
export interface GraphParts {
  readonly ops: readonly OpNode[]
  readonly parameters: readonly ParameterNode[]
  /** Those of the parameters whose value was never seen. */
  readonly unknown: ReadonlySet<NodeId>
  readonly inputs: readonly InputNode[]
  readonly edges: readonly GraphEdge[]
  /** Ids of the responses that model calls got. */
  readonly responses: ReadonlyMap<NodeId, string>
  /** Operators that only carry what others say. */
  readonly carriers: ReadonlySet<NodeId>
  /** What there was too much of to be read, a sentence each. */
  readonly leftOut: readonly string[]
  readonly malformed: readonly { readonly node: NodeId; readonly entry: string }[]
}

export function spanNodeId(traceId: string, spanId: string): NodeId {
  return nodeId('span', traceId, spanId)
}

/** The consumer's captured value under a role, or `undefined`. */
export function capturedInput(op: OpNode, role: string): Json | undefined {
  return Object.hasOwn(op.inputs, role) ? op.inputs[role] : undefined
}

export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
