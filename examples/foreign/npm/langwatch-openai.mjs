// The `openai` client with LangWatch's SDK: its tracer makes spans of types, the program records what they hold.
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { getLangWatchTracer } from 'langwatch'
import { setupObservability } from 'langwatch/observability/node'
import OpenAI from 'openai'
import { finish, MODEL, user } from './shared/job.mjs'
import { doAll } from './shared/openai-chat.mjs'

const observability = setupObservability({
  langwatch: 'disabled',
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  serviceName: process.env.OTEL_SERVICE_NAME,
})
const tracer = getLangWatchTracer('order-support')

/** The client as a program of LangWatch's documentation calls it: in a span of type `llm`. */
const client = new OpenAI()
const create = client.chat.completions.create.bind(client.chat.completions)
client.chat.completions.create = (request) =>
  tracer.withActiveSpan('chat', async (span) => {
    span
      .setType('llm')
      .setRequestModel(MODEL)
      .setInput('chat_messages', [...request.messages])
    const completion = await create(request)
    const { usage, choices } = completion
    span.setOutput('chat_messages', [choices[0].message])
    span.setMetrics({
      promptTokens: usage.prompt_tokens,
      completionTokens: usage.completion_tokens,
    })
    return completion
  })

const turn = (session, name, run) =>
  tracer.withActiveSpan(name, async (span) => {
    span.setType('agent')
    span.setAttributes({ 'langwatch.user.id': user, 'langwatch.thread.id': session })
    const output = await run()
    span.setOutput('text', output)
    return output
  })
const tool = (name, args, run) =>
  tracer.withActiveSpan(name, (span) => {
    span.setType('tool').setInput('json', JSON.parse(args))
    const output = run()
    span.setOutput('text', output)
    return output
  })
await doAll(client, { turn, tool })

await observability.shutdown()
finish('LangWatch SDK', 'langwatch', 'langwatch')
