// The `openai` client with OpenTelemetry's own instrumentation. Content goes into log events.

import { createRequire } from 'node:module'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { OpenAIInstrumentation } from '@opentelemetry/instrumentation-openai'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { finish } from './shared/job.mjs'
import { doAll } from './shared/openai-chat.mjs'
import { inSpan, startTracing } from './shared/tracing.mjs'

process.env.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT = 'true'
const provider = startTracing()
const logs = new LoggerProvider({
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
})
registerInstrumentations({
  instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })],
  tracerProvider: provider,
  loggerProvider: logs,
})
const { default: OpenAI } = createRequire(import.meta.url)('openai')

const turn = (_session, name, run) => inSpan(name, run)
await doAll(new OpenAI(), { turn })

await provider.shutdown()
await logs.shutdown()
finish('OpenAI client', 'openai', '@opentelemetry/instrumentation-openai')
