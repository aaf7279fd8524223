import { type Attributes, diag, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import { raise } from '../errors.ts'
import { findOrigin } from '../lineage/origins.ts'
import { originOf } from '../lineage/producer.ts'
import { isNode } from '../node.ts'
import { currentState, isUnrecorded } from '../operator/frame.ts'
import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SOURCE,
  ATTR_KIND,
} from '../semconv/attributes.ts'
import type { SpanIds } from '../tracing/recorder.ts'
import { activeTracer } from '../tracing/tracer.ts'
import { findError } from './errors-thrown.ts'

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

const wholeTrace = '0000000000000000'

/**
 * Records feedback on a result, during the run, after it, or in another process that knows only the ids. The target
 * is a node, ids (without a span id: the run as a whole), a trace id, a value that an operator of this run produced,
 * or an error that a bundle threw. What cannot be recorded is reported through `diag`, so that a wrong target never
 * breaks the program. Does nothing where no tracer provider is registered.
 *
 * @example feedback({ traceId, spanId }, { name: 'thumb', score: 0, comment: 'Wrong department', source: 'human' })
 */
export function feedback(target: unknown, content: FeedbackContent): void {
  const tracer = activeTracer()
  if (!tracer) return
  const { name, score, label, comment } = content
  if (!name || (score === undefined && label === undefined && comment === undefined)) {
    report(
      'T2_FEEDBACK_EMPTY',
      'Feedback without a name, or without score, label and comment, was not recorded.',
    )
    return
  }
  const ids = findTarget(target)
  if (!ids) {
    if (isUnrecorded()) return
    report(
      'T2_FEEDBACK_TARGET',
      `The feedback ${JSON.stringify(name)} has a target that no span is known for.`,
    )
    return
  }
  const { traceId, spanId = wholeTrace } = ids
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true }
  // In the target's trace where there is a span to hang it on: a sampler then decides as it did for the target.
  const parent = spanId === wholeTrace ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, context)
  tracer
    .startSpan(
      `feedback ${name}`,
      { attributes: attributesOf(content), links: [{ context }] },
      parent,
    )
    .end()
}

function attributesOf(content: FeedbackContent): Attributes {
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

function findTarget(target: unknown): FeedbackIds | undefined {
  if (isNode(target)) {
    return target.traceId && target.spanId
      ? { traceId: target.traceId, spanId: target.spanId }
      : undefined
  }
  if (typeof target === 'string' && /^[0-9a-f]{32}$/.test(target)) return { traceId: target }
  return findProducer(target) ?? idsIn(target)
}

/** The span that produced a value of this run, or that threw an error. */
export function findProducer(value: unknown): SpanIds | undefined {
  const error = value instanceof Error ? findError(value) : undefined
  if (error) return error
  const part = findOrigin(value, currentState().lineage)?.part
  const origin = part && originOf(part)
  return origin?.kind === 'span' ? origin : undefined
}

function idsIn(target: unknown): FeedbackIds | undefined {
  if (typeof target !== 'object' || target === null || !('traceId' in target)) return undefined
  const { traceId } = target
  const spanId = 'spanId' in target ? target.spanId : undefined
  if (typeof traceId !== 'string' || !/^[0-9a-f]{32}$/.test(traceId)) return undefined
  if (spanId === undefined || spanId === null) return { traceId }
  return typeof spanId === 'string' && /^[0-9a-f]{16}$/.test(spanId)
    ? { traceId, spanId }
    : undefined
}

function report(code: 'T2_FEEDBACK_EMPTY' | 'T2_FEEDBACK_TARGET', what: string): void {
  const { message, remedy } = raise(code, what)
  diag.warn(`${code}: ${message} ${remedy}`)
}
