import { type Attributes, type HrTime, SpanStatusCode } from '@opentelemetry/api'
import type { RecordedRun } from '../answering/index.ts'
import { recordedRunOf, type StoredSpan } from './stored-spans.ts'

/** The part of an ended span of OpenTelemetry's SDK (`ReadableSpan`) that a replay reads. */
export interface FinishedSpan {
  readonly name: string
  spanContext(): { readonly traceId: string; readonly spanId: string }
  readonly parentSpanContext?: { readonly spanId: string } | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly attributes: Attributes
  readonly events: readonly {
    readonly name: string
    readonly attributes?: Attributes | undefined
  }[]
  readonly status: { readonly code: SpanStatusCode }
  readonly droppedAttributesCount: number
  readonly resource: { readonly attributes: object }
}

/**
 * Reads what a replay needs from spans that were recorded in this process, without a store. It reads the trace whose
 * outermost span ended last.
 *
 * @param spans in the order in which they ended, as an exporter gets them.
 */
export function recordedRunIn(spans: readonly FinishedSpan[]): RecordedRun {
  const ids = new Set(spans.map((span) => span.spanContext().spanId))
  const root = spans.findLast((span) => !ids.has(span.parentSpanContext?.spanId ?? ''))
  const { traceId, spanId } = root?.spanContext() ?? { traceId: '', spanId: '' }
  const own = spans.filter((span) => span.spanContext().traceId === traceId)
  return recordedRunOf(traceId, own.map(storedSpan), spanId)
}

function storedSpan(span: FinishedSpan): StoredSpan {
  const { attributes } = span
  const input = Number(attributes['gen_ai.usage.input_tokens'] ?? 0)
  const output = Number(attributes['gen_ai.usage.output_tokens'] ?? 0)
  return {
    name: span.name,
    spanId: span.spanContext().spanId,
    parentSpanId: span.parentSpanContext?.spanId ?? null,
    startNs: nanoseconds(span.startTime),
    endNs: nanoseconds(span.endTime),
    attributes,
    events: span.events.map(({ name, attributes: of = {} }) => ({ name, attributes: of })),
    isError: span.status.code === SpanStatusCode.ERROR,
    droppedAttributes: span.droppedAttributesCount,
    process: JSON.stringify(span.resource.attributes),
    costUsd: null,
    tokens: input + output,
  }
}

function nanoseconds([seconds, rest]: HrTime): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(rest)
}
