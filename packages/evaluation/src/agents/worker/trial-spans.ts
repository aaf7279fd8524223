import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources'
import {
  AlwaysOnSampler,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { spanLimits, useTracerProvider } from '@trace2/instrumentation/live'
import type { SentSpans } from '../module/messages.ts'

/** Most spans of one trial that are kept. */
const mostSpans = 20_000
/** Most bytes of one trial that are sent. */
const mostBytes = 64 * 1024 * 1024
/** Traces of earlier trials whose late spans are told from those of the trial that runs. */
const tracesKnown = 1_000

/** The spans that end in this process, trial by trial: there is one at a time. */
export class TrialSpans implements SpanProcessor {
  #spans: ReadableSpan[] = []
  #left = 0
  #traceId = ''
  readonly #earlier = new Set<string>()

  /** Forgets what ended since the last trial. */
  begin(traceId: string): void {
    this.#earlier.delete(traceId)
    this.#traceId = traceId
    this.#spans = []
    this.#left = 0
  }

  end(): SentSpans {
    const spans = this.#spans
    const left = this.#left
    this.#earlier.add(this.#traceId)
    for (const trace of this.#earlier) {
      if (this.#earlier.size <= tracesKnown) break
      this.#earlier.delete(trace)
    }
    this.begin('')
    const otlp =
      spans.length === 0 ? undefined : ProtobufTraceSerializer.serializeRequest([...spans])
    if (otlp && otlp.byteLength > mostBytes) {
      const incomplete = `its ${spans.length} spans have ${otlp.byteLength} bytes; ${mostBytes} are taken`
      return { otlp: new Uint8Array(), incomplete }
    }
    return {
      otlp: otlp ?? new Uint8Array(),
      incomplete: left === 0 ? null : `${left} spans beyond the first ${mostSpans} were left out`,
    }
  }

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    if (this.#traceId === '' || this.#earlier.has(span.spanContext().traceId)) return
    if (this.#spans.length < mostSpans) this.#spans.push(span)
    else this.#left++
  }

  async forceFlush(): Promise<void> {}

  async shutdown(): Promise<void> {}
}

/**
 * Registers a provider whose spans stay in this process. It has to be there before the agent's module is loaded: a
 * set-up of its own, `start()` included, then joins it instead of sending the spans of trials to where those of
 * production go.
 */
export function registerProvider(spans: TrialSpans): void {
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(detectResources({ detectors: [envDetector] })),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [spans],
    spanLimits: spanLimits(),
  })
  provider.register()
  // Somebody may have been quicker (`--import` in NODE_OPTIONS); our own spans come here all the same.
  useTracerProvider(provider)
}
