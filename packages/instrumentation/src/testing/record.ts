import { type TracerProvider, trace } from '@opentelemetry/api'
import {
  InMemorySpanExporter,
  type NodeTracerConfig,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { ATTR_INPUTS, ATTR_OP, parseInput, type RecordedInput } from '@trace2/core'

/** The real SDK with an exporter that keeps the spans in memory. */
export function recordSpans(config: Pick<NodeTracerConfig, 'sampler'> = {}): {
  readonly provider: TracerProvider
  spans(): ReadableSpan[]
  reset(): void
  stop(): Promise<void>
} {
  const exporter = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({
    ...config,
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  })
  provider.register()
  return {
    provider,
    spans: () => exporter.getFinishedSpans(),
    reset: () => exporter.reset(),
    stop: async () => {
      trace.disable()
      await provider.shutdown()
    },
  }
}

export function spanOf(spans: readonly ReadableSpan[], op: string): ReadableSpan {
  const found = spans.filter((span) => span.attributes[ATTR_OP] === op)
  const [only] = found
  if (!only || found.length > 1) throw new Error(`${found.length} spans of ${op}`)
  return only
}

/** The recorded inputs of a span, readable. */
export function inputsOf(span: ReadableSpan): RecordedInput[] {
  const entries = span.attributes[ATTR_INPUTS]
  if (!Array.isArray(entries)) return []
  return entries.map((entry) => {
    const input = parseInput(String(entry))
    if (!input) throw new Error(`malformed input ${String(entry)}`)
    return input
  })
}

/** `role=op#/pointer!how` with the producer's operator name for its ids. */
export function edgesOf(spans: readonly ReadableSpan[], op: string): string[] {
  return inputsOf(spanOf(spans, op)).map(({ role, origin, how }) => {
    const suffix =
      (origin.pointer === '' ? '' : `#${origin.pointer}`) + (how === 'exact' ? '' : `!${how}`)
    if (origin.kind === 'parameter') return `${role}=param:${origin.name}${suffix}`
    if (origin.kind === 'value') return `${role}=value${suffix}`
    const producer = spans.find((span) => span.spanContext().spanId === origin.spanId)
    return `${role}=${String(producer?.attributes[ATTR_OP])}${suffix}`
  })
}
