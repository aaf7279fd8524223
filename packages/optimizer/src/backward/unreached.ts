import type { ParameterNode } from '@trace2/store'
import type { GraphIndex } from './graph-index.ts'
import { descendants } from './reach.ts'

/** A parameter of a run that no feedback reached, with the reason. */
export interface Unreached {
  readonly parameter: ParameterNode
  readonly reason: UnreachedReason
  /** The reason in a sentence, with the names of the operators at which the path ends. */
  readonly detail: string
}

/**
 * - `not-trainable`: it was asked for by name but declared with `trainable: false`;
 * - `no-feedback`: nothing in the run received feedback;
 * - `unused`: no operator is recorded as having used it;
 * - `edge-kind`: it would be reached over edges of kinds that were not chosen;
 * - `no-path`: what was made from it does not lead to any target;
 * - `absent`: it was asked for by name, and is part of none of the graphs;
 * - `cut-off`: the same, but calls were left out of the graphs that may have used it.
 */
export type UnreachedReason =
  | 'not-trainable'
  | 'no-feedback'
  | 'unused'
  | 'edge-kind'
  | 'no-path'
  | 'absent'
  | 'cut-off'

/**
 * Explains why no feedback reached the parameter at a position. `anyFeedback`: whether any lies on the run;
 * `otherwise`: whether it would arrive if edges of every kind counted.
 */
export function explainUnreached(
  index: GraphIndex,
  at: number,
  anyFeedback: boolean,
  otherwise: boolean,
): Unreached[] {
  const parameter = index.nodes[at]
  if (parameter?.kind !== 'parameter') return []
  const explained = (reason: UnreachedReason, detail: string) => [{ parameter, reason, detail }]
  if (!parameter.trainable) return explained('not-trainable', 'It is declared as not trainable.')
  if (!anyFeedback) return explained('no-feedback', 'No feedback lies on this run.')
  if (otherwise) {
    return explained('edge-kind', 'Feedback would arrive over edges of kinds that were not chosen.')
  }
  if (!isUsed(index, at)) {
    return explained('unused', 'No operator of this run is recorded as having used it.')
  }
  const below = descendants(index, [at])
  const ends = index.nodes.flatMap((node, end) =>
    below[end] === 1 && !isUsed(index, end) && 'op' in node ? [node.op] : [],
  )
  const shown = [...new Set(ends)].slice(0, 3).join(', ')
  return explained(
    'no-path',
    `What was made with it ends at ${shown}, which leads to no node with feedback.`,
  )
}

function isUsed(index: GraphIndex, at: number): boolean {
  let used = false
  index.outgoing(at, () => {
    used = true
  })
  return used
}
