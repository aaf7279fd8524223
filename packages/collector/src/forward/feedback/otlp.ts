import { randomBytes } from 'node:crypto'
import {
  ATTR_EVALUATION_EXPLANATION,
  ATTR_EVALUATION_LABEL,
  ATTR_EVALUATION_NAME,
  ATTR_EVALUATION_SCORE,
  ATTR_FEEDBACK_IDENTIFIER,
  ATTR_FEEDBACK_SOURCE,
  ATTR_KIND,
  SCHEMA_URL,
  SCOPE_NAME,
} from '@trace2/core'
import type { Feedback } from '@trace2/store'
import type { AnyValue, Attributes, OtlpEncoding, Signal } from '@trace2/store/otlp'
import { encodeLogs, encodeTraces, transcode } from '@trace2/store/otlp'
import type { Outgoing } from '../deliver.ts'
import { addressOf, type ForwardTarget } from '../target.ts'

const EVENT = 'gen_ai.evaluation.result'

/**
 * Feedback as OpenTelemetry's GenAI conventions have it: the event `gen_ai.evaluation.result` of what is judged. It is a
 * log record; a target that takes traces only gets a span that has the event, as a child of the span that is judged.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-events/
 */
export function evaluationResult(target: ForwardTarget, feedback: Feedback): Outgoing {
  const { url, signals = ['traces', 'logs'], encoding = 'as-sent' } = target
  const [signal, made, own] = signals.includes('logs') ? asLog(feedback) : asSpan(feedback)
  const wanted = encoding === 'as-sent' ? made : encoding
  const { body } = transcode(signal, own, made, wanted)
  const address = addressOf(url, signal)
  return { signal: 'feedback', address, packable: true, encoding: wanted, body }
}

function asLog(feedback: Feedback): [Signal, OtlpEncoding, Uint8Array] {
  const { traceId, spanId } = feedback
  const record = {
    timeNs: timeOf(feedback),
    name: EVENT,
    body: null,
    attributes: attributesOf(feedback),
    traceId,
    spanId: spanId ?? undefined,
  }
  return ['logs', 'json', encodeLogs([record])]
}

function asSpan(feedback: Feedback): [Signal, OtlpEncoding, Uint8Array] {
  const { traceId, spanId, name } = feedback
  const timeNs = timeOf(feedback)
  const none: Attributes = new Map()
  // As a program's own feedback() has it: another collector finds what it is about.
  const carrier: readonly (readonly [string, AnyValue])[] =
    spanId === null ? [] : [[ATTR_KIND, 'feedback']]
  const link = { traceId, traceState: '', flags: 1, attributes: none, droppedAttributesCount: 0 }
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    parentSpanId: spanId ?? undefined,
    traceState: '',
    flags: 1,
    name: `feedback ${name}`,
    kind: 1,
    startNs: timeNs,
    endNs: timeNs,
    attributes: new Map([...carrier, ...attributesOf(feedback)]),
    droppedAttributesCount: 0,
    events: [
      { timeNs, name: EVENT, attributes: attributesOf(feedback), droppedAttributesCount: 0 },
    ],
    droppedEventsCount: 0,
    links: spanId === null ? [] : [{ ...link, spanId }],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    resource: { attributes: none, schemaUrl: '' },
    scope: { name: SCOPE_NAME, version: '', attributes: none, schemaUrl: SCHEMA_URL },
  }
  return ['traces', 'protobuf', encodeTraces([span])]
}

function timeOf({ createdAt }: Feedback): bigint {
  return BigInt(Date.parse(createdAt)) * 1_000_000n
}

function attributesOf({ name, score, label, comment, source, identifier }: Feedback): Attributes {
  const given: readonly (readonly [string, AnyValue])[] = [
    [ATTR_EVALUATION_NAME, name],
    [ATTR_EVALUATION_SCORE, score],
    [ATTR_EVALUATION_LABEL, label],
    [ATTR_EVALUATION_EXPLANATION, comment],
    [ATTR_FEEDBACK_SOURCE, source],
    [ATTR_FEEDBACK_IDENTIFIER, identifier],
  ]
  return new Map(given.filter(([, value]) => value !== null))
}
