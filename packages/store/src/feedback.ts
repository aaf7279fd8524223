import type { FeedbackDeclaration, FeedbackTarget } from '@trace2/core'

/** Who gave the feedback: a person, a language model, or code. */
export type FeedbackSource = 'human' | 'model' | 'code'

/** Declarations by the name of the feedback. */
export interface FeedbackDeclarations {
  readonly [name: string]: FeedbackDeclaration | null
}

/** Feedback to be stored. What it declares holds for all feedback of its name. */
export interface NewFeedback extends FeedbackTarget, FeedbackDeclaration {
  /** Name of the feedback, for example `thumb`. */
  readonly name: string
  /** The score, on the scale of the name. */
  readonly score?: number | null
  /** The judgement in a word, for example `correct`. */
  readonly label?: string | null
  /** The judgement in words, which optimizers read. */
  readonly comment?: string | null
  /** Who gave the feedback. Default `human`. */
  readonly source?: FeedbackSource
  /**
   * Tells apart several results of one name on one target. Default: a random text, so that the feedback replaces
   * nothing.
   */
  readonly identifier?: string
}

/** One stored piece of feedback on a run or on a node in it. */
export interface Feedback extends FeedbackTarget {
  /** Id that the store gave it. */
  readonly id: string
  /** Name of the feedback, for example `thumb`. */
  readonly name: string
  /** The score, on the scale of the name; `null` if none was given. */
  readonly score: number | null
  /** The judgement in a word; `null` if none was given. */
  readonly label: string | null
  /** The judgement in words; `null` if none was given. */
  readonly comment: string | null
  /** Who gave the feedback. */
  readonly source: FeedbackSource
  /** Tells apart several results of one name on one target. */
  readonly identifier: string
  /** When the feedback was given, as an ISO 8601 time. */
  readonly createdAt: string
}
