// LlamaIndex.TS with Traceloop's SDK.

import * as llamaIndexOpenAI from '@llamaindex/openai'
import { agent, multiAgent } from '@llamaindex/workflow'
import * as traceloop from '@traceloop/node-server-sdk'
import * as llamaindex from 'llamaindex'
import { z } from 'zod'
import {
  finish,
  lookupOrder,
  questions,
  refundPolicy,
  secondSession,
  session,
  support,
  triage,
  user,
} from './shared/job.mjs'

traceloop.initialize({
  appName: process.env.OTEL_SERVICE_NAME,
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: 'none',
  disableBatch: true,
  silenceInitializationMessage: true,
  instrumentModules: { llamaIndex: llamaindex, llamaIndexOpenAI },
})

const llm = new llamaIndexOpenAI.OpenAI({ model: 'gpt-4.1-mini' })
const tool = ({ name, description, run }, parameters) =>
  llamaindex.tool({ name, description, parameters, execute: run })
const tools = [
  tool(lookupOrder, z.object({ order_id: z.string() })),
  tool(refundPolicy, z.object({ country: z.string() })),
]
const agentOf = (canHandoffTo) =>
  agent({
    name: support.name,
    description: 'Answers questions about orders.',
    llm,
    tools,
    systemPrompt: support.prompt,
    canHandoffTo,
  })
const inSession = (id, run) =>
  traceloop.withAssociationProperties({ session_id: id, user_id: user }, run)

for (const question of questions) {
  await inSession(session, () =>
    traceloop.withAgent({ name: support.name }, () => agentOf().run(question)),
  )
}
const orders = agentOf()
const first = agent({
  name: triage.name,
  description: 'Takes questions.',
  llm,
  tools: [],
  systemPrompt: triage.prompt,
  canHandoffTo: [orders],
})
await inSession(secondSession, () =>
  traceloop.withWorkflow({ name: 'handover' }, () =>
    multiAgent({ agents: [first, orders], rootAgent: first }).run(questions[0]),
  ),
)

await traceloop.forceFlush()
finish('LlamaIndex.TS', 'llamaindex', '@traceloop/node-server-sdk')
