// Mastra agents with Mastra's exporter for OpenTelemetry. Needs Node.js 22.
import { openai } from '@ai-sdk/openai'
import { Agent } from '@mastra/core/agent'
import { Mastra } from '@mastra/core/mastra'
import { createTool } from '@mastra/core/tools'
import { Observability } from '@mastra/observability'
import { OtelExporter } from '@mastra/otel-exporter'
import { z } from 'zod'
import {
  finish,
  lookupOrder,
  MODEL,
  questions,
  refundPolicy,
  secondSession,
  session,
  support,
  triage,
  user,
} from './shared/job.mjs'

const toolOf = ({ name, description, run }, inputSchema) =>
  createTool({
    id: name,
    description,
    inputSchema,
    execute: async (input) => run(input.context ?? input),
  })
const tools = {
  lookup_order: toolOf(lookupOrder, z.object({ order_id: z.string() })),
  refund_policy: toolOf(refundPolicy, z.object({ country: z.string() })),
}
const model = openai(MODEL)
const agent = new Agent({
  id: support.name,
  name: support.name,
  description: 'Answers questions about orders.',
  instructions: support.prompt,
  model,
  tools,
})
const first = new Agent({
  id: triage.name,
  name: triage.name,
  instructions: triage.prompt,
  model,
  agents: { orderSupport: agent },
})
const exporter = new OtelExporter({
  provider: {
    custom: {
      endpoint: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`,
      protocol: 'http/protobuf',
    },
  },
})
const mastra = new Mastra({
  agents: { support: agent, triage: first },
  logger: false,
  observability: new Observability({
    configs: { otel: { serviceName: process.env.OTEL_SERVICE_NAME, exporters: [exporter] } },
  }),
})

const told = (sessionId) => ({
  tracingOptions: { metadata: { sessionId, userId: user } },
})
await mastra.getAgent('support').generate(questions[0], told(session))
const stream = await mastra.getAgent('support').stream(questions[1], told(session))
await stream.text
await mastra.getAgent('triage').generate(questions[0], told(secondSession))

await mastra.shutdown()
finish('Mastra', '@mastra/core', '@mastra/otel-exporter')
