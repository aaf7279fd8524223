// LangChain.js and LangGraph.js with LangSmith's tracer, which exports to OpenTelemetry.

import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { startTracing } from './shared/tracing.mjs'

Object.assign(process.env, {
  LANGSMITH_TRACING: 'true',
  LANGSMITH_OTEL_ENABLED: 'true',
  LANGSMITH_API_KEY: 'none',
  LANGSMITH_ENDPOINT: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
})
const { initializeOTEL } = await import('langsmith/experimental/otel/setup')
const provider = startTracing({ processors: [new BatchSpanProcessor(new OTLPTraceExporter())] })
initializeOTEL({ globalTracerProvider: provider, skipGlobalContextManagerSetup: true })

const { finish } = await import('./shared/job.mjs')
const { askAgent, askGraph } = await import('./shared/langchain.mjs')
await askAgent()
await askGraph()

const { awaitAllCallbacks } = await import('@langchain/core/callbacks/promises')
const { RunTree } = await import('langsmith')
await awaitAllCallbacks()
await RunTree.getSharedClient().awaitPendingTraceBatches()
await provider.forceFlush()
await provider.shutdown()
finish('LangChain.js', 'langchain', 'langsmith')
