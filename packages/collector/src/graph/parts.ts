import type { EdgeKind, Json } from '@trace2/instrumentation/semconv'
import type { InputNode, NodeId, OpNode, ParameterNode } from './graph.ts'

/** Nodes and edges of one trace as the store's queries give them, before they are a graph. */
export interface GraphParts {
  readonly ops: readonly Unordered<OpNode>[]
  readonly parameters: readonly (Unordered<ParameterNode> & { readonly known: boolean })[]
  readonly inputs: readonly Unordered<InputNode>[]
  readonly edges: readonly PartialEdge[]
  readonly malformed: readonly { readonly node: NodeId; readonly entry: string }[]
}

export type Unordered<Node> = Omit<Node, 'level'>

export interface PartialEdge {
  readonly from: NodeId
  readonly to: NodeId
  readonly role: string
  readonly pointer: string
  readonly how: EdgeKind
}

export function spanNodeId(traceId: string, spanId: string): NodeId {
  return `span:${traceId}:${spanId}`
}

/** The consumer's captured value under a role, or `undefined`. */
export function capturedInput(op: Unordered<OpNode>, role: string): Json | undefined {
  return Object.hasOwn(op.inputs, role) ? op.inputs[role] : undefined
}
