import type { Feedback, GraphEdge, GraphNode, NodeId, ParameterNode } from '@trace2/store'

/** What is shown of a backward pass over a graph. The `Backward` of `@trace2/optimizer` is one. */
export interface BackwardPass {
  /** The nodes that have feedback. */
  readonly targets: readonly { readonly node: NodeId; readonly feedback: Feedback }[]
  /** The parameters that feedback reaches. */
  readonly reached: readonly ReachedParameter[]
  /** Parameters that feedback does not reach, each with the reason in words. */
  readonly unreached: readonly { readonly parameter: ParameterNode; readonly detail: string }[]
  /** The nodes that feedback passes. */
  readonly subgraph: { readonly path: readonly GraphNode[] }
}

/** A parameter that feedback reaches. */
export interface ReachedParameter {
  /** The node of the parameter. */
  readonly parameter: ParameterNode
  /** Every edge on the paths from the parameter to what has feedback. */
  readonly subgraph: { readonly edges: readonly GraphEdge[] }
}
