import { type Context, TraceFlags } from '@opentelemetry/api'
import {
  BatchSpanProcessor,
  type ReadableSpan,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node'

/** How long after the first whole trace it is sent. Its last spans may end a moment after its root. */
const firstBatchMs = 50

/**
 * Batches spans as the stock processor does, with two additions: it counts them, and the first trace that ends is
 * sent at once, so that whoever sets recording up sees that it works.
 */
export class CountingProcessor implements SpanProcessor {
  readonly #batches: BatchSpanProcessor
  #ended = 0
  #isFirst = true

  constructor(exporter: SpanExporter) {
    this.#batches = new BatchSpanProcessor(exporter)
  }

  /** How many spans were to be sent so far. */
  get ended(): number {
    return this.#ended
  }

  onStart(span: Parameters<SpanProcessor['onStart']>[0], context: Context): void {
    this.#batches.onStart(span, context)
  }

  onEnd(span: ReadableSpan): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0) this.#ended++
    this.#batches.onEnd(span)
    const parent = span.parentSpanContext
    if (!this.#isFirst || (parent && !parent.isRemote)) return
    this.#isFirst = false
    setTimeout(() => void this.forceFlush(), firstBatchMs).unref()
  }

  /** Hands what was batched to the exporter. */
  async forceFlush(): Promise<void> {
    await this.#batches.forceFlush()
  }

  async shutdown(): Promise<void> {
    await this.#batches.shutdown()
  }
}
