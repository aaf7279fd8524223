import type { Feedback, GraphEdge, GraphNode, NodeId, ParameterNode } from '@trace2/store'

/** What is shown of a backward pass over a graph. The `Backward` of `@trace2/optimizer` is one. */
export interface BackwardPass {
  readonly targets: readonly { readonly node: NodeId; readonly feedback: Feedback }[]
  readonly reached: readonly ReachedParameter[]
  /** Parameters that feedback does not reach, and why in words. */
  readonly unreached: readonly { readonly parameter: ParameterNode; readonly detail: string }[]
  readonly subgraph: { readonly path: readonly GraphNode[] }
}

export interface ReachedParameter {
  readonly parameter: ParameterNode
  /** Every edge on the paths from the parameter to what has feedback. */
  readonly subgraph: { readonly edges: readonly GraphEdge[] }
}
