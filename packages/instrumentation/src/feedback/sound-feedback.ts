import type { FeedbackDeclaration } from '@trace2/core'

/** Feedback that says something, with every member of the type that it is declared to have. */
export interface SoundFeedback {
  readonly name: string
  readonly score?: number
  readonly label?: string
  readonly comment?: string
  readonly source: 'human' | 'model' | 'code'
  readonly identifier?: string
  readonly declaration: FeedbackDeclaration
}
