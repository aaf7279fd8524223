import { isValidSpanId, isValidTraceId } from '@opentelemetry/api'
import type { FeedbackDeclaration, FeedbackScale } from '@trace2/core'
import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_FEEDBACK_DIRECTION,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SCALE,
  ATTR_FEEDBACK_SOURCE,
  ATTR_FEEDBACK_WEIGHT,
  ATTR_KIND,
} from '@trace2/core'
import type { SoundFeedback } from './sound-feedback.ts'

/**
 * A judgement of a result. It needs at least one of `score`, `label` and `comment`. `scale`, `direction` and `weight`
 * declare what the name means and apply to all feedback of that name.
 */
export interface FeedbackContent extends FeedbackDeclaration {
  /**
   * The question that the feedback answers, such as `accuracy` or `thumb`. Scores of different names are never mixed.
   * Default `feedback`.
   */
  readonly name?: string | undefined
  /** A number on the scale of the name. Higher is better unless `direction` is `lower`. `true` is 1, `false` is 0. */
  readonly score?: number | boolean | undefined
  /** A category, such as `good` or `refund`. */
  readonly label?: string | undefined
  /** The reason in words. Optimizers learn most from it. */
  readonly comment?: string | undefined
  /** Who judged: a person, a model or a program. Default `code`. */
  readonly source?: 'human' | 'model' | 'code' | undefined
  /** Feedback on the same target with the same name and identifier replaces the earlier one. */
  readonly identifier?: string | undefined
}

/** A judgement of a result: words, a score, or a piece with more to it. */
export type GivenFeedback = string | number | FeedbackContent

/** The target of feedback, by its ids: a whole trace, or one span of it. */
export interface FeedbackIds {
  /** Trace id: 32 hexadecimal digits. */
  readonly traceId: string
  /** Span id: 16 hexadecimal digits. Left out, the feedback is about the trace as a whole. */
  readonly spanId?: string | undefined
}

/** The span that a carrier links to where it judges a trace as a whole: a link needs one that is valid. */
export const wholeTrace = 'ffffffffffffffff'

/** Ids that may be another's or a stranger's; `undefined` where they are none. */
export function validIds(traceId: unknown, spanId: unknown): FeedbackIds | undefined {
  if (typeof traceId !== 'string' || !isValidTraceId(traceId)) return undefined
  if (spanId === undefined || spanId === null) return { traceId: traceId.toLowerCase() }
  if (typeof spanId !== 'string' || !isValidSpanId(spanId)) return undefined
  return { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() }
}

/** What the carrier span says of a span; of a trace as a whole, in OpenInference's words for that. */
export function feedbackAttributes(
  content: SoundFeedback,
  spanId: string,
): Record<string, AttributeValue> {
  const { name, score, label, comment, source, identifier, declaration } = content
  const { scale, direction, weight } = declaration
  const keys = spanId === wholeTrace ? ofTrace : ofSpan
  return {
    [ATTR_KIND]: 'feedback',
    [keys.name]: name,
    ...(score === undefined ? {} : { [keys.score]: score }),
    ...(label === undefined ? {} : { [keys.label]: label }),
    ...(comment === undefined ? {} : { [keys.comment]: comment }),
    [keys.source]: keys === ofTrace ? annotators[source] : source,
    ...(identifier === undefined ? {} : { [keys.identifier]: identifier }),
    ...(scale === undefined ? {} : { [ATTR_FEEDBACK_SCALE]: scaleAttribute(scale) }),
    ...(direction === undefined ? {} : { [ATTR_FEEDBACK_DIRECTION]: direction }),
    ...(weight === undefined ? {} : { [ATTR_FEEDBACK_WEIGHT]: weight }),
  }
}

type AttributeValue = string | number | number[] | string[]

/** A list of one type, as OpenTelemetry has them. */
function scaleAttribute(scale: FeedbackScale): number[] | string[] {
  const numbers = scale.filter((end) => typeof end === 'number')
  return numbers.length > 0 ? numbers : scale.map(String)
}

const ofSpan = {
  name: ATTR_EVALUATION_NAME,
  score: ATTR_EVALUATION_SCORE,
  label: ATTR_EVALUATION_LABEL,
  comment: ATTR_EVALUATION_EXPLANATION,
  source: ATTR_FEEDBACK_SOURCE,
  identifier: ATTR_FEEDBACK_IDENTIFIER,
}

const ofTrace = {
  name: 'trace.annotations.0.annotation.name',
  score: 'trace.annotations.0.annotation.score',
  label: 'trace.annotations.0.annotation.label',
  comment: 'trace.annotations.0.annotation.explanation',
  source: 'trace.annotations.0.annotation.annotator_kind',
  identifier: 'trace.annotations.0.annotation.identifier',
}

const annotators = { human: 'HUMAN', model: 'LLM', code: 'CODE' }
