import { type Json, valueHash } from '@trace2/core'
import type { FeedbackSource } from '@trace2/store'
import type { Llm } from '../llm/index.ts'

/** What a guide judges: what came out, what went in, and what should have come out where that is known. */
export interface Subject {
  /** The output to judge. */
  readonly output: Json
  /** The inputs that led to it, by role. */
  readonly input: { readonly [role: string]: Json }
  /** The output that would be right, if it is known. */
  readonly reference?: Json
  /** What the base gave for the same input, for guides that compare with it. */
  readonly base?: Json
}

/** A guide's judgement. */
export interface Verdict {
  /** The score, from 0 (useless) to 1 (as it should be). */
  readonly score: number
  /** The reason, in words that help to do better. An optimizer reads it. */
  readonly comment: string
  /** The judgement in a word. */
  readonly label?: string
  /** The score of each part of a combination, by the part's name. */
  readonly scores?: { readonly [part: string]: number }
}

/** What guides may use beyond the subject. */
export interface GuideTools {
  /** Returns the model, with the limits and the cache of {@link judge}. Only guides that ask a model call it. */
  readonly llm: () => Llm
  /** Is aborted when judging is to stop. */
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
  /**
   * Everything that decides the guide's judgements, as JSON. Its hash tells apart the feedback of different versions of
   * the guide.
   */
  readonly definition: Json
  /** Who judges: `model` if the guide asks one, otherwise `code`. */
  readonly source: FeedbackSource
  /** Whether the guide can judge only what has a reference. Default `false`. */
  readonly needsReference?: boolean
  /** Judges a subject. A guide that cannot judge it throws an error. */
  judge(subject: Subject, tools: GuideTools): Verdict | Promise<Verdict>
}

/** Identifier of the feedback that a guide gives: the first 16 hex digits of the hash of its definition. */
export function guideIdentifier({ definition }: Guide): string {
  return valueHash(definition).slice(0, 16)
}
