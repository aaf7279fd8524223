import { type Json, valueHash } from '@trace2/core'
import type { FeedbackSource } from '@trace2/store'
import type { Llm } from '../llm/index.ts'

/** What a guide judges: what came out, what went in, and what should have come out where that is known. */
export interface Subject {
  readonly output: Json
  /** Inputs by role. */
  readonly input: { readonly [role: string]: Json }
  readonly reference?: Json
  /** What the base gave for the same input, for guides that compare with it. */
  readonly base?: Json
}

/** A guide's judgement. */
export interface Verdict {
  /** From 0, useless, to 1, as it should be. */
  readonly score: number
  /** Why, in words that help to do better; an optimizer reads them. */
  readonly comment: string
  readonly label?: string
  /** The score of each part of a combination, by the part's name. */
  readonly scores?: { readonly [part: string]: number }
}

/** What guides may use beyond the subject. */
export interface GuideTools {
  /** The model behind {@link judge}'s limits and cache; called only by guides that ask one. */
  readonly llm: () => Llm
  readonly signal?: AbortSignal
}

/**
 * A feedback function. Its result depends only on the subject, its definition and, if it asks one, a model. {@link
 * guideOf} makes the guides of this package. Any object of this shape is a guide too.
 *
 * @example
 * const polite: Guide = {
 *   name: 'polite',
 *   definition: { kind: 'polite', version: 1 },
 *   source: 'code',
 *   judge: ({ output }) =>
 *     /please/i.test(String(output))
 *       ? { score: 1, comment: 'It says please.' }
 *       : { score: 0, comment: 'It must say please.' },
 * }
 */
export interface Guide {
  /** Name of the feedback it gives. */
  readonly name: string
  /** Everything that decides what it says. Its hash tells apart the verdicts of one guide and the next. */
  readonly definition: Json
  readonly source: FeedbackSource
  /** Whether it can judge nothing of which no reference is known. */
  readonly needsReference?: boolean
  judge(subject: Subject, tools: GuideTools): Verdict | Promise<Verdict>
}

/** Identifier of the feedback that a guide gives: the first 16 hex digits of the hash of its definition. */
export function guideIdentifier({ definition }: Guide): string {
  return valueHash(definition).slice(0, 16)
}
