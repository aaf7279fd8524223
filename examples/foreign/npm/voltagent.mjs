// VoltAgent, whose observability takes any span processor.
import { openai } from '@ai-sdk/openai'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { Agent, createTool, VoltAgent, VoltAgentObservability } from '@voltagent/core'
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

const processor = new BatchSpanProcessor(new OTLPTraceExporter())
const observability = new VoltAgentObservability({
  serviceName: process.env.OTEL_SERVICE_NAME,
  spanProcessors: [processor],
})
const tool = ({ name, description, run }, parameters) =>
  createTool({ name, description, parameters, execute: async (input) => run(input) })
const model = openai(MODEL)
const orders = new Agent({
  name: support.name,
  purpose: 'Answers questions about orders.',
  instructions: support.prompt,
  model,
  tools: [
    tool(lookupOrder, z.object({ order_id: z.string() })),
    tool(refundPolicy, z.object({ country: z.string() })),
  ],
  observability,
})
const first = new Agent({
  name: triage.name,
  instructions: triage.prompt,
  model,
  subAgents: [orders],
  observability,
})
new VoltAgent({ agents: { orders, first }, observability })

const told = (conversationId) => ({ conversationId, userId: user })
await orders.generateText(questions[0], told(session))
const stream = await orders.streamText(questions[1], told(session))
await stream.text
await first.generateText(questions[0], told(secondSession))

await processor.forceFlush()
finish('VoltAgent', '@voltagent/core')
