import type { EdgeKind, Json, ParameterValue } from '@trace2/core'

/** `span:<traceId>:<spanId>`, `param:<name>@<version>` or `value:<sha256>`. */
export type NodeId = string

/**
 * The computation graph of one run, as the store derives it. Edges point the way data went, from producer to
 * consumer; `nodes` are sorted so that a producer always comes before its consumers (by level, then start, then
 * id), and the graph is acyclic: what had to be repaired to make it so stands in `repairs`.
 */
export interface RunGraph {
  /** `<traceId>` or `<traceId>:<spanId>`. */
  readonly run: string
  /** The node whose value is the run's result: the run span, or the root span of a trace without one. */
  readonly output: NodeId
  /** The nodes: parameters, inputs and calls of operators. */
  readonly nodes: readonly GraphNode[]
  /** The edges, from producers to consumers. */
  readonly edges: readonly GraphEdge[]
  /** What had to be mended in the stored spans. */
  readonly repairs: readonly Repair[]
}

interface NodeBase {
  /** Id of the node, unique in its graph. */
  readonly id: NodeId
  /** Longest path from a root, 0 for a root. */
  readonly level: number
}

/** A parameter in one version. */
export interface ParameterNode extends NodeBase, ParameterValue {
  /** Tells the kinds of nodes apart. */
  readonly kind: 'parameter'
}

/** A value that no recorded operator produced. Equal values within a run are one node. */
export interface InputNode extends NodeBase {
  /** Tells the kinds of nodes apart. */
  readonly kind: 'input'
  /** The value. */
  readonly value: Json
}

/** One call of an operator: one span. Its value is its output. */
export interface OpNode extends NodeBase {
  /** `op`, or `exception` if the call ended in an error. */
  readonly kind: 'op' | 'exception'
  /** Trace id of the span. */
  readonly traceId: string
  /** Id of the span. */
  readonly spanId: string
  /** Span id of the enclosing operator or run, or `null`. */
  readonly parent: string | null
  /** `true` for a `run` span. */
  readonly run: boolean
  /** Stable operator name; the span name where no operator is named. */
  readonly op: string
  /** The purpose of the operator, in words. Empty if none is known. */
  readonly description: string
  /** First 16 hexadecimal digits of the hash of the operator's source; `null` if it is unknown. */
  readonly sourceHash: string | null
  /** Where the values came from: `trace2`, or the dialect of a foreign span. */
  readonly dialect: string
  /** Values the operator was called with, by role, as far as they were captured. */
  readonly inputs: { readonly [role: string]: Json }
  /** Static text of the template that a role was built from. */
  readonly templates: { readonly [role: string]: string }
  /** The output; `null` where there is none. For an `exception` node, the error's `Type: message`. */
  readonly value: Json
  /** For an `exception`: the marked source lines around the place that threw, or the stack; otherwise `null`. */
  readonly errorFrame: string | null
  /** Name of the language model that the call asked; `null` if it asked none. */
  readonly model: string | null
  /** ISO 8601 with nanoseconds, so that text order is time order. Never used to guess dataflow. */
  readonly startedAt: string
  /** How long the call took, in milliseconds. */
  readonly durationMs: number
}

/** A node of a {@link RunGraph}. Its `kind` tells which. */
export type GraphNode = ParameterNode | InputNode | OpNode

/** An edge of a {@link RunGraph}: a value, or a part of it, that a consumer used. */
export interface GraphEdge {
  /** Id of the producer. */
  readonly from: NodeId
  /** Id of the consumer. */
  readonly to: NodeId
  /** Name under which the consumer used the value. */
  readonly role: string
  /** JSON pointer into the producer's value; `''` is all of it. */
  readonly pointer: string
  /** How the edge is known. */
  readonly how: EdgeKind
}

/** Something in the stored spans that had to be mended to give a graph. */
export interface Repair {
  /** What was wrong. */
  readonly kind:
    | 'cycle'
    | 'missing-parent'
    | 'missing-producer'
    | 'missing-parameter'
    | 'unfollowed-link'
    | 'left-out'
    | 'malformed-input'
  /** Id of the node that it concerns. */
  readonly node: NodeId
  /** What was wrong, in a sentence. */
  readonly detail: string
}
