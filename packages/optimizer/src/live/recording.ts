import { type Span, type TracerProvider, trace } from '@opentelemetry/api'
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { NodeTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-node'
import { rememberOutputs, useTracerProvider } from '@trace2/instrumentation/live'
import { deferredStore, openStore, type Store } from '@trace2/store'
import { decodeTraces } from '@trace2/store/otlp'

/** This process's runs, recorded into a store of its own. */
export interface Recording {
  readonly store: Store
  /** Stores every span that has ended. */
  flush(): Promise<void>
  /** A number that no step of this process has had. */
  nextTake(): number
}

/** Spans that wait to be stored before it is done unasked. */
const waiting = 512

/**
 * Begins to record. Spans of this library are made by the provider that is registered globally, and go where it sends
 * them, or by one of our own where there is none; either way a copy of each goes into an in-memory store, by the same
 * encoder and decoder as over the network. Calls are recorded from now on; the store is opened meanwhile.
 */
export function startRecording(): Recording {
  const store = deferredStore(':memory:', openStore(':memory:'))
  let ended: ReadableSpan[] = []
  let writing = Promise.resolve()
  const flush = () => {
    const spans = ended
    ended = []
    if (spans.length > 0) writing = writing.then(() => write(store, spans))
    return writing
  }
  const keep = (span: ReadableSpan) => {
    ended.push(span)
    // A failure is reported to whoever flushes next.
    if (ended.length >= waiting) flush().catch(() => {})
  }
  useTracerProvider(observed(trace.getTracerProvider(), new NodeTracerProvider(), keep))
  rememberOutputs()
  let takes = 0
  return { store, flush, nextTake: () => takes++ }
}

async function write(store: Store, spans: ReadableSpan[]): Promise<void> {
  const body = ProtobufTraceSerializer.serializeRequest(spans)
  if (body) await store.writeSpans(decodeTraces(body, 'protobuf').spans)
}

/**
 * A provider whose recorded spans are shown to `onEnd` when they end. Where the first provider makes a span that
 * records nothing, because none is registered yet or its sampler declines, the second makes it.
 */
function observed(
  first: TracerProvider,
  second: TracerProvider,
  onEnd: (span: ReadableSpan) => void,
): TracerProvider {
  const observe = (span: Span): Span => {
    const end = span.end.bind(span)
    span.end = (time) => {
      end(time)
      if (isReadable(span)) onEnd(span)
    }
    return span
  }
  return {
    getTracer(...scope) {
      const preferred = first.getTracer(...scope)
      const otherwise = second.getTracer(...scope)
      return {
        startSpan(...args) {
          const span = preferred.startSpan(...args)
          return observe(span.isRecording() ? span : otherwise.startSpan(...args))
        },
        startActiveSpan: otherwise.startActiveSpan.bind(otherwise),
      }
    },
  }
}

/** Whether it is a recorded span of the OpenTelemetry SDK, whose spans can be read. */
function isReadable(span: Span): span is Span & ReadableSpan {
  return 'attributes' in span && 'resource' in span && 'instrumentationScope' in span
}
