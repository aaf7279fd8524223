import type { FeedbackTarget } from '@trace2/core'
import type { NodeId } from '@trace2/store'
import type { Propagator } from './propagate.ts'

/** Scores that arrived at a node, by the feedback they come from. */
export type Scores<F> = ReadonlyMap<F, number>

/**
 * Carries plain scores. A node gets the score of every piece of feedback that reaches it. Each score counts once, even
 * if several paths lead to the node. {@link sumOf} gives the sum of the scores of one name.
 *
 * @example
 * const scores = propagate(graph, feedback, scorePropagator())
 * const credit = sumOf(scores, parameter.id, 'thumb')
 */
export function scorePropagator<
  F extends FeedbackTarget & { readonly score: number | null },
>(): Propagator<F, Scores<F>> {
  return {
    start: (feedback) => new Map(feedback.score === null ? [] : [[feedback, feedback.score]]),
    join: (messages) =>
      messages.length === 1 && messages[0]
        ? messages[0]
        : new Map(messages.flatMap((scores) => [...scores])),
  }
}

/**
 * Returns the sum and the number of the scores of one name at a node. Other names have other scales. Without scores it
 * is 0 of 0.
 */
export function sumOf<F extends { readonly name: string }>(
  scores: ReadonlyMap<NodeId, Scores<F>>,
  node: NodeId,
  name: string,
): { readonly sum: number; readonly count: number } {
  const arrived = [...(scores.get(node) ?? [])].filter(([feedback]) => feedback.name === name)
  return { sum: arrived.reduce((total, [, score]) => total + score, 0), count: arrived.length }
}
