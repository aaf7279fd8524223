import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SOURCE,
  ATTR_KIND,
} from '../semconv/attributes.ts'

/** What someone or something thinks of a result. At least one of score, label and comment is needed. */
export interface FeedbackContent {
  /** What is judged: `accuracy`, `thumb`. */
  readonly name: string
  /** Higher is better. */
  readonly score?: number
  /** A category: `good`, `refund`. */
  readonly label?: string
  /** The reason, in words. An optimizer learns most from this. */
  readonly comment?: string
  /** Default `code`. */
  readonly source?: 'human' | 'model' | 'code'
  /** Feedback on the same target with the same name and identifier replaces the earlier one. */
  readonly identifier?: string
}

/** A trace as a whole, or one span of it. */
export interface FeedbackIds {
  readonly traceId: string
  readonly spanId?: string | undefined
}

/** In a link, stands for the trace as a whole. */
export const wholeTrace = '0000000000000000'

export function isEmpty({ name, score, label, comment }: FeedbackContent): boolean {
  return !name || (score === undefined && label === undefined && comment === undefined)
}

/** What the carrier span says. */
export function feedbackAttributes(content: FeedbackContent): Record<string, string | number> {
  const { name, score, label, comment, source, identifier } = content
  return {
    [ATTR_KIND]: 'feedback',
    [ATTR_EVALUATION_NAME]: name,
    ...(score === undefined ? {} : { [ATTR_EVALUATION_SCORE]: score }),
    ...(label === undefined ? {} : { [ATTR_EVALUATION_LABEL]: label }),
    ...(comment === undefined ? {} : { [ATTR_EVALUATION_EXPLANATION]: comment }),
    [ATTR_FEEDBACK_SOURCE]: source ?? 'code',
    ...(identifier === undefined ? {} : { [ATTR_FEEDBACK_IDENTIFIER]: identifier }),
  }
}
