import { types } from 'node:util'
import { defined } from '@trace2/core'
import { type GivenFeedback, isNode } from '@trace2/instrumentation'
import { findOutput, type SpanRef } from '@trace2/instrumentation/live'
import type { NewFeedback } from '@trace2/store'
import { raise } from '../errors.ts'

/** Feedback on an output: words, a number, or both, as `feedback()` takes it. */
export type LiveFeedback = GivenFeedback

/**
 * Feedback with the recorded calls that it is about: one piece for each target of a list.
 *
 * @throws `T2_TARGET_UNKNOWN`, `T2_TARGET_PROMISE`, `T2_FEEDBACK_COUNT`, `T2_NO_FEEDBACK`
 */
export function feedbackOn(
  target: unknown,
  feedback: LiveFeedback | readonly LiveFeedback[] | undefined,
): NewFeedback[] {
  if (isPromise(feedback)) throw raise('T2_NO_FEEDBACK', 'The feedback is a promise: await it.')
  const ids = findOutput(target)
  if (ids) {
    const given = isList(feedback) ? feedback : [feedback]
    return given.map((each) => toFeedback(ids, each ?? messageOf(target)))
  }
  if (isPromise(plainValue(target))) {
    throw raise(
      'T2_TARGET_PROMISE',
      'The target is a promise: await it. Its result is what was recorded.',
    )
  }
  if (!Array.isArray(target)) {
    throw raise('T2_TARGET_UNKNOWN', 'No recorded call produced this value.')
  }
  if (isList(feedback) && feedback.length !== target.length) {
    throw raise(
      'T2_FEEDBACK_COUNT',
      `There are ${target.length} targets and ${feedback.length} pieces of feedback.`,
    )
  }
  return target.flatMap((each, at) => feedbackOn(each, isList(feedback) ? feedback[at] : feedback))
}

/** A promise as JavaScript makes them, or what a library has in place of one. */
function isPromise(value: unknown): boolean {
  if (types.isPromise(value)) return true
  // A proxy may answer to any name, and one that was revoked throws.
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  return 'then' in value && typeof value.then === 'function'
}

function plainValue(target: unknown): unknown {
  return isNode(target) && target.error === undefined ? target.value : target
}

function isList<T>(value: T | readonly T[] | undefined): value is readonly T[] {
  return Array.isArray(value)
}

function messageOf(target: unknown): LiveFeedback {
  if (target instanceof Error) return { comment: `${target.name}: ${target.message}`, score: 0 }
  throw raise('T2_NO_FEEDBACK', 'Feedback in words or as a score is needed for an output.')
}

function toFeedback({ traceId, spanId }: SpanRef, feedback: LiveFeedback): NewFeedback {
  if (typeof feedback === 'string') return { name: 'feedback', comment: feedback, traceId, spanId }
  if (typeof feedback === 'number') return { name: 'feedback', score: feedback, traceId, spanId }
  const { name = 'feedback', score, label, comment, source, identifier } = feedback
  const { scale, direction, weight } = feedback
  return {
    name,
    ...(score === undefined ? {} : { score: Number(score) }),
    ...defined({ label, comment, source, identifier, scale, direction, weight }),
    traceId,
    spanId,
  }
}
