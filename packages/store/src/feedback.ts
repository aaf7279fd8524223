import type { FeedbackDeclaration, FeedbackTarget } from '@trace2/core'

export type FeedbackSource = 'human' | 'model' | 'code'

/** Declarations by the name of the feedback. */
export interface FeedbackDeclarations {
  readonly [name: string]: FeedbackDeclaration | null
}

/** Feedback to be stored. What it declares holds for all feedback of its name. */
export interface NewFeedback extends FeedbackTarget, FeedbackDeclaration {
  readonly name: string
  readonly score?: number | null
  readonly label?: string | null
  readonly comment?: string | null
  readonly source?: FeedbackSource
  /** Tells apart several results of one name on one target. Random where absent. */
  readonly identifier?: string
}

export interface Feedback extends FeedbackTarget {
  readonly id: string
  readonly name: string
  readonly score: number | null
  readonly label: string | null
  readonly comment: string | null
  readonly source: FeedbackSource
  readonly identifier: string
  readonly createdAt: string
}
