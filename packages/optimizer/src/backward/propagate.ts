import type { EdgeKind, FeedbackTarget } from '@trace2/core'
import type { GraphEdge, GraphNode, NodeId, RunGraph } from '@trace2/store'
import { indexGraph } from './graph-index.ts'

/**
 * A rule for carrying messages backwards over a graph. A message starts at the target of feedback, passes from consumers to
 * producers, and is joined with others that reach the same node.
 */
export interface Propagator<F extends FeedbackTarget, M> {
  /** Makes the message of a piece of feedback for its target. */
  readonly start: (feedback: F, target: GraphNode) => M
  /** Joins the messages that reach a node. They are in the order of the consumers. */
  readonly join: (messages: readonly M[], node: GraphNode) => M
  /** Makes the message for a producer from that of a consumer. `undefined` stops it. Default: the same message. */
  readonly through?: Through<M>
  /** Replaces `through` for the inputs of certain operators, by the name of the operator. */
  readonly operators?: { readonly [operator: string]: Through<M> }
}

/** Makes the message for a producer from the message of a consumer. `undefined` stops the message. */
export type Through<M> = (
  message: M,
  edge: GraphEdge,
  consumer: GraphNode,
  producer: GraphNode,
) => M | undefined

/**
 * Carries messages backwards over a graph. It visits every node once, consumers before their producers, in O(V+E) plus the
 * cost of the propagator.
 *
 * @returns The messages by node, for every node that a message reached. Targets are included.
 */
export function propagate<F extends FeedbackTarget, M>(
  graph: RunGraph,
  feedback: readonly F[],
  propagator: Propagator<F, M>,
  options: { readonly edges?: readonly EdgeKind[] } = {},
): ReadonlyMap<NodeId, M> {
  const index = indexGraph(graph, options.edges)
  const arriving: M[][] = index.nodes.map(() => [])
  for (const item of feedback) {
    const id = item.spanId === null ? graph.output : `span:${item.traceId}:${item.spanId}`
    const at = index.position.get(id)
    const node = at === undefined ? undefined : index.nodes[at]
    if (at !== undefined && node) arriving[at]?.push(propagator.start(item, node))
  }
  const messages = new Map<NodeId, M>()
  for (let at = index.nodes.length - 1; at >= 0; at--) {
    const node = index.nodes[at]
    const here = arriving[at] ?? []
    if (!node || here.length === 0) continue
    const message = propagator.join(here, node)
    messages.set(node.id, message)
    const through = ('op' in node && own(propagator.operators, node.op)) || propagator.through
    index.incoming(at, (number) => {
      const edge = index.edges[number]
      const from = index.from[number] ?? 0
      const producer = index.nodes[from]
      if (!edge || !producer) return
      const passed = through ? through(message, edge, node, producer) : message
      if (passed !== undefined) arriving[from]?.push(passed)
    })
  }
  return messages
}

/** Operator names come from spans: `constructor` is one like any other. */
function own<M>(
  operators: { readonly [operator: string]: Through<M> } | undefined,
  name: string,
): Through<M> | undefined {
  return operators && Object.hasOwn(operators, name) ? operators[name] : undefined
}
