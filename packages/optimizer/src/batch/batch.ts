import { groupBy } from '@trace2/core'
import type { Feedback, ParameterNode, RunGraph } from '@trace2/store'
import type { Backward } from '../backward/index.ts'
import { type Shape, shapeOf } from './shape.ts'

/** Runs whose feedback was carried back, in groups of one structure. */
export interface Batch {
  /** The groups. */
  readonly groups: readonly Group[]
  /** All runs, in the order of their numbers. The first number is 1. */
  readonly runs: readonly BatchRun[]
}

/** Runs whose subgraphs have the same structure. A prompt shows it once. */
export interface Group {
  /** Name of the group: `A`, `B` and so on. */
  readonly label: string
  /** The structure, with the first run's nodes. */
  readonly shape: Shape
  /** The runs of the group. */
  readonly runs: readonly BatchRun[]
}

/** One run of a group of runs with the same structure. */
export interface BatchRun {
  /** Number of the run in the prompt. */
  readonly number: number
  /** The graph of the run. */
  readonly graph: RunGraph
  /** Same structure as the group's, with this run's nodes. */
  readonly shape: Shape
  /** The feedback on the run, each piece with its place. */
  readonly feedback: readonly ShapeFeedback[]
  /** Parameters that it used in another version than the one under optimization. */
  readonly otherVersions: readonly ParameterNode[]
}

/** A piece of feedback, and the position of its node in {@link Shape.nodes}. */
export interface ShapeFeedback {
  readonly feedback: Feedback
  readonly at: number
}

/**
 * Groups the runs of a batch. Runs that no chosen parameter was reached in are left out. `current` maps the name
 * of each parameter under optimization to its current version.
 */
export function makeBatch(
  runs: readonly Backward<Feedback>[],
  current: ReadonlyMap<string, string>,
): Batch {
  const placed: BatchRun[] = []
  for (const { graph, reached, subgraph, targets } of runs) {
    if (reached.length === 0) continue
    const shape = shapeOf(subgraph, new Set(targets.map(({ node }) => node)))
    const position = new Map(shape.nodes.map(({ node }, at) => [node.id, at]))
    placed.push({
      number: placed.length + 1,
      graph,
      shape,
      feedback: targets.flatMap(({ node, feedback }) => {
        const at = position.get(node)
        return at === undefined ? [] : [{ feedback, at }]
      }),
      otherVersions: reached
        .map(({ parameter }) => parameter)
        .filter(({ name, version }) => current.get(name) !== version),
    })
  }
  return subBatch(placed)
}

/** A batch of some runs of another, numbered anew in the order given. */
export function subBatch(runs: readonly BatchRun[]): Batch {
  const numbered = runs.map((run, at) => ({ ...run, number: at + 1 }))
  const groups = groupBy(numbered, ({ shape }) => shape.key)
  return {
    runs: numbered,
    groups: [...groups.values()].flatMap((members, at) => {
      const [first] = members
      return first ? [{ label: groupLabel(at), shape: first.shape, runs: members }] : []
    }),
  }
}

/** 0 is A, 25 is Z, 26 is AA. */
function groupLabel(at: number): string {
  const last = String.fromCharCode(65 + (at % 26))
  return at < 26 ? last : groupLabel(Math.floor(at / 26) - 1) + last
}
