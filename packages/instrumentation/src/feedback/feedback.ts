import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import type { SpanRef } from '@trace2/core'
import { raise } from '../errors.ts'
import { findOrigin } from '../lineage/origins.ts'
import { originOf } from '../lineage/producer.ts'
import { isNode } from '../node.ts'
import { currentState, isUnrecorded } from '../operator/frame.ts'
import { reportOnce } from '../report.ts'
import { types } from '../runtime/types.ts'
import { activeTracer } from '../tracing/tracer.ts'
import {
  type FeedbackIds,
  feedbackAttributes,
  type GivenFeedback,
  validIds,
  wholeTrace,
} from './attributes.ts'
import { emptyText, readFeedbackContent } from './content.ts'
import { findError } from './errors-thrown.ts'

/**
 * Records feedback on a result: during the run, after it, or in another process that knows only the ids.
 *
 * The target is one of these: a node; ids, where a missing span id means the whole run; a trace id; a value that an operator
 * of this run produced; or an error that a bundle threw.
 *
 * This function never throws. It reports feedback that cannot be recorded as a warning, once for each name and reason.
 * Without a tracer provider it does nothing.
 *
 * @example feedback(answer, 'Too long for a text message.')
 * @example feedback({ traceId, spanId }, { name: 'thumb', score: 0, comment: 'Wrong department', source: 'human' })
 * @example feedback(node, { name: 'stars', score: 2, scale: [1, 5] })
 */
export function feedback(target: unknown, content: GivenFeedback): void {
  try {
    record(target, content)
  } catch (error) {
    // A target or content that cannot even be looked at.
    const why = error instanceof Error ? error.message : 'it cannot be read'
    reportOnce('warn', raise('T2_FEEDBACK_TARGET', `Feedback was not recorded: ${why}.`))
  }
}

function record(target: unknown, given: GivenFeedback): void {
  const tracer = activeTracer()
  if (!tracer) return
  const { content, refused } = readFeedbackContent(given)
  if (!content) {
    reportOnce('warn', raise('T2_FEEDBACK_EMPTY', emptyText(given, refused, 'recorded')))
    return
  }
  const { name } = content
  if (refused.length > 0) {
    const what = `Of the feedback ${JSON.stringify(name)} not all was recorded: ${refused.join('; ')}.`
    reportOnce('warn', raise('T2_FEEDBACK_CONTENT', what))
  }
  const ids = findTarget(target)
  if (!ids) {
    if (isUnrecorded()) return
    const why = hasIds(target)
      ? 'ids that are none: a trace has 32 hexadecimal digits, a span 16'
      : types.isPromise(target)
        ? 'a promise for a target: await it, its result is what was recorded'
        : 'a target that no span is known for'
    const what = `The feedback ${JSON.stringify(name)} has ${why}.`
    reportOnce('warn', raise('T2_FEEDBACK_TARGET', what))
    return
  }
  const { traceId, spanId = wholeTrace } = ids
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  // In the target's trace where there is a span to hang it on: a sampler then decides as it did for the target.
  const parent = spanId === wholeTrace ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context)
  tracer
    .startSpan(
      `feedback ${name}`,
      { attributes: feedbackAttributes(content, spanId), links: [{ context }] },
      parent,
    )
    .end()
}

function findTarget(target: unknown): FeedbackIds | undefined {
  if (isNode(target)) return target.spanId ? validIds(target.traceId, target.spanId) : undefined
  const trace = typeof target === 'string' ? validIds(target, undefined) : undefined
  return trace ?? findProducer(target) ?? idsIn(target)
}

/** The span that produced a value of this run, or that threw an error. */
export function findProducer(value: unknown): SpanRef | undefined {
  const error = value instanceof Error ? findError(value) : undefined
  if (error) return error
  const part = findOrigin(value, currentState().lineage)?.part
  const origin = part && originOf(part)
  return origin?.kind === 'span' ? origin : undefined
}

function idsIn(target: unknown): FeedbackIds | undefined {
  if (!hasIds(target)) return undefined
  return validIds(target.traceId, 'spanId' in target ? target.spanId : undefined)
}

function hasIds(target: unknown): target is { readonly traceId: unknown } {
  return typeof target === 'object' && target !== null && !isNode(target) && 'traceId' in target
}
