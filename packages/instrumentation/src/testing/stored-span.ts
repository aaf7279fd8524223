import { SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { type RecordedRun, recordedRunOf, type StoredSpan } from '../replay/index.ts'

/** A recorded span as a store gives it back. */
export function storedSpan(span: ReadableSpan): StoredSpan {
  const { attributes } = span
  const input = Number(attributes['gen_ai.usage.input_tokens'] ?? 0)
  const output = Number(attributes['gen_ai.usage.output_tokens'] ?? 0)
  return {
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    startNs: nanoseconds(span.startTime),
    endNs: nanoseconds(span.endTime),
    attributes: JSON.parse(JSON.stringify(attributes)),
    events: span.events.map(({ name, attributes = {} }) => ({ name, attributes })),
    isError: span.status.code === SpanStatusCode.ERROR,
    droppedAttributes: span.droppedAttributesCount,
    process: JSON.stringify(span.resource.attributes),
    costUsd: null,
    tokens: input + output,
  }
}

function nanoseconds([seconds, rest]: readonly [number, number]): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest)
}

/** The recorded run of the only trace among spans, as it comes out of a store and over to another process. */
export function recordedRunIn(spans: readonly ReadableSpan[]): RecordedRun {
  const root = spans.find(({ parentSpanContext }) => !parentSpanContext)
  const run = recordedRunOf('run', spans.map(storedSpan), root?.spanContext().spanId ?? '')
  return JSON.parse(JSON.stringify(run))
}
