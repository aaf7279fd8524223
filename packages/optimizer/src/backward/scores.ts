import type { NodeId } from '@trace2/collector/store'
import type { Targeted } from './backward.ts'
import type { Propagator } from './propagate.ts'

/** Scores that arrived at a node, by the feedback they come from. */
export type Scores<F> = ReadonlyMap<F, number>

/**
 * Carries plain scores: a node gets the score of every piece of feedback that reaches it, once however many ways lead
 * there. {@link sumOf} gives the sum.
 *
 * @example
 * const scores = propagate(graph, feedback, scorePropagator())
 * const credit = sumOf(scores, parameter.id)
 */
export function scorePropagator<
  F extends Targeted & { readonly score: number | null },
>(): Propagator<F, Scores<F>> {
  return {
    start: (feedback) => new Map(feedback.score === null ? [] : [[feedback, feedback.score]]),
    join: (messages) =>
      messages.length === 1 && messages[0]
        ? messages[0]
        : new Map(messages.flatMap((scores) => [...scores])),
  }
}

/** Sum and number of the scores at a node; nothing arrived is 0 of 0. */
export function sumOf<F>(
  scores: ReadonlyMap<NodeId, Scores<F>>,
  node: NodeId,
): { readonly sum: number; readonly count: number } {
  const here = [...(scores.get(node)?.values() ?? [])]
  return { sum: here.reduce((total, score) => total + score, 0), count: here.length }
}
