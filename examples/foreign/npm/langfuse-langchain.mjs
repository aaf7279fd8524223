// LangChain.js and LangGraph.js with Langfuse's callback handler.
import { CallbackHandler } from '@langfuse/langchain'
import { LangfuseSpanProcessor } from '@langfuse/otel'
import { finish, user } from './shared/job.mjs'
import { askAgent, askGraph, configOf } from './shared/langchain.mjs'
import { startTracing } from './shared/tracing.mjs'

const processor = new LangfuseSpanProcessor({
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  publicKey: 'pk-lf-none',
  secretKey: 'sk-lf-none',
})
const provider = startTracing({ processors: [processor] })
const configure = (sessionId) => ({
  ...configOf(sessionId),
  callbacks: [new CallbackHandler({ sessionId, userId: user })],
})

await askAgent(configure)
await askGraph(configure)

await provider.forceFlush()
await provider.shutdown()
finish('LangChain.js', 'langchain', '@langfuse/langchain')
