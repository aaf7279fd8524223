import type { EdgeKind, FeedbackTarget } from '@trace2/core'
import type { NodeId, ParameterNode, RunGraph } from '@trace2/store'
import { type GraphIndex, indexGraph } from './graph-index.ts'
import { ancestors, descendants, descendantsWithin, positionsOf } from './reach.ts'
import { type Subgraph, subgraphsOf } from './subgraph.ts'
import { explainUnreached, type Unreached } from './unreached.ts'

/** Options of {@link backward}. */
export interface BackwardOptions {
  /** Names of the parameters to reach. Default: every trainable one. */
  readonly parameters?: readonly string[]
  /** Kinds of edges that carry feedback. Default: all. */
  readonly edges?: readonly EdgeKind[]
}

/** The result of {@link backward}: which parameters the feedback on one run reaches. */
export interface Backward<F extends FeedbackTarget> {
  /** The graph that was given. */
  readonly graph: RunGraph
  /** One entry for each version of a parameter that feedback reaches. */
  readonly reached: readonly Reached<F>[]
  /** The parameters that feedback does not reach, each with the reason. */
  readonly unreached: readonly Unreached[]
  /** The union of the subgraphs in `reached`. */
  readonly subgraph: Subgraph
  /** The node that each piece of feedback is about. */
  readonly targets: readonly TargetedFeedback<F>[]
  /** Feedback about spans that are not in this graph. */
  readonly outside: readonly F[]
}

/** A piece of feedback, and the node that it is about. */
export interface TargetedFeedback<F> {
  /** Id of the node. */
  readonly node: NodeId
  /** The feedback. */
  readonly feedback: F
}

/** A parameter that feedback reaches. */
export interface Reached<F> {
  /** The node of the parameter. */
  readonly parameter: ParameterNode
  /** The nodes and edges between the parameter and the targets of the feedback. */
  readonly subgraph: Subgraph
  /** The feedback that reaches the parameter, in the order given. */
  readonly feedback: readonly F[]
}

/**
 * Carries feedback backwards over a stored run. For each trainable parameter it returns the minimal subgraph, with its
 * blanket, and the feedback that reaches the parameter. Any node may be a target. The graph is not changed, so the pass can be
 * repeated with other feedback.
 *
 * A node is on a path from parameter X to target Y if it descends from X and Y descends from it; X and Y are included
 * (Cheng, Nie and Swaminathan, "Trace is the Next AutoDiff", arXiv 2406.16218, algorithm 2). The union costs O(V+E). Each
 * parameter costs as much as the nodes on its paths and their outgoing edges. Its subgraph is computed when it is read.
 *
 * @example
 * const { reached, unreached } = backward(await store.graph(run), await store.feedback([run]))
 * for (const { parameter, feedback } of reached) console.log(parameter.name, feedback.length)
 */
export function backward<F extends FeedbackTarget>(
  graph: RunGraph,
  feedback: readonly F[],
  options: BackwardOptions = {},
): Backward<F> {
  const index = indexGraph(graph, options.edges)
  const targets: TargetedFeedback<F>[] = []
  const outside: F[] = []
  const byPosition = new Map<number, Set<F>>()
  for (const item of feedback) {
    const node = item.spanId === null ? graph.output : `span:${item.traceId}:${item.spanId}`
    const at = index.position.get(node)
    if (at === undefined) {
      outside.push(item)
      continue
    }
    targets.push({ node, feedback: item })
    const here = byPosition.get(at)
    if (here) here.add(item)
    else byPosition.set(at, new Set([item]))
  }

  const upstream = ancestors(index, byPosition.keys())
  const sources = candidates(index, options.parameters)
  const order = new Map(feedback.map((item, at) => [item, at]))
  const descendantsOf = descendantsWithin(index, upstream)
  const subgraphOf = subgraphsOf(index)
  const reached: Reached<F>[] = []
  const missed: number[] = []
  for (const { at, parameter } of sources) {
    if (!parameter.trainable || upstream[at] !== 1) {
      missed.push(at)
      continue
    }
    const path = descendantsOf(at)
    const arriving = path.flatMap((position) => [...(byPosition.get(position) ?? [])])
    arriving.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    // Of each of n values that one call joins, it has the n - 1 others beside it: most are never asked for.
    reached.push(new ReachedParameter(parameter, arriving, () => subgraphOf(path)))
  }
  const unrestricted = options.edges && missed.length > 0 ? indexGraph(graph) : undefined
  const otherwise =
    unrestricted &&
    ancestors(
      unrestricted,
      targets.flatMap(({ node }) => unrestricted.position.get(node) ?? []),
    )
  const wouldArrive = (at: number) =>
    otherwise?.[unrestricted?.position.get(index.nodes[at]?.id ?? '') ?? -1] === 1
  const union = (): Subgraph => {
    const [first, ...others] = reached
    if (first && others.length === 0) return first.subgraph
    const roots = sources.filter(({ parameter }) => parameter.trainable).map(({ at }) => at)
    return subgraphOf(positionsOf(descendants(index, roots, upstream)))
  }
  const unreached = missed.flatMap((at) =>
    explainUnreached(index, at, byPosition.size > 0, wouldArrive(at)),
  )
  // Of thousands of runs, most are only looked at for what their feedback reached.
  return new Pass(graph, reached, unreached, targets, outside, union)
}

/**
 * What has a subgraph when it is asked for. A getter in an object literal would give each object a hidden class of its own,
 * by which V8 keeps the object's graph until it looks through all of its memory.
 */
class WithSubgraph {
  readonly #make: () => Subgraph
  #made: Subgraph | undefined

  constructor(make: () => Subgraph) {
    this.#make = make
  }

  get subgraph(): Subgraph {
    this.#made ??= this.#make()
    return this.#made
  }
}

class ReachedParameter<F> extends WithSubgraph implements Reached<F> {
  readonly parameter: ParameterNode
  readonly feedback: readonly F[]

  constructor(parameter: ParameterNode, feedback: readonly F[], subgraph: () => Subgraph) {
    super(subgraph)
    this.parameter = parameter
    this.feedback = feedback
  }
}

class Pass<F extends FeedbackTarget> extends WithSubgraph implements Backward<F> {
  readonly graph: RunGraph
  readonly reached: readonly Reached<F>[]
  readonly unreached: readonly Unreached[]
  readonly targets: readonly TargetedFeedback<F>[]
  readonly outside: readonly F[]

  constructor(
    graph: RunGraph,
    reached: readonly Reached<F>[],
    unreached: readonly Unreached[],
    targets: readonly TargetedFeedback<F>[],
    outside: readonly F[],
    subgraph: () => Subgraph,
  ) {
    super(subgraph)
    this.graph = graph
    this.reached = reached
    this.unreached = unreached
    this.targets = targets
    this.outside = outside
  }
}

function candidates(
  index: GraphIndex,
  names: readonly string[] | undefined,
): { readonly at: number; readonly parameter: ParameterNode }[] {
  const wanted = names && new Set(names)
  const found: { readonly at: number; readonly parameter: ParameterNode }[] = []
  for (const [at, node] of index.nodes.entries()) {
    if (node.kind !== 'parameter') continue
    if (wanted ? wanted.has(node.name) : node.trainable) found.push({ at, parameter: node })
  }
  return found
}
