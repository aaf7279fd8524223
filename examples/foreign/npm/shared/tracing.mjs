// OpenTelemetry as each of these programs sets it up: the SDK for Node.js with the exporter for OTLP over HTTP.
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

/** Starts tracing. `OTEL_SERVICE_NAME` and `OTEL_EXPORTER_OTLP_ENDPOINT` are read by the SDK. */
export function startTracing({ instrumentations = [], processors } = {}) {
  const spanProcessors = processors ?? [new BatchSpanProcessor(new OTLPTraceExporter())]
  const provider = new NodeTracerProvider({ spanProcessors })
  provider.register()
  registerInstrumentations({ instrumentations, tracerProvider: provider })
  return provider
}

/** A span around what a program does, as a server or a job has one. */
export function inSpan(name, run) {
  return trace.getTracer('program').startActiveSpan(name, async (span) => {
    try {
      return await run()
    } finally {
      span.end()
    }
  })
}
