// OpenAI Agents SDK for JavaScript with OpenInference.

import { setSession, setUser } from '@arizeai/openinference-core'
import { OpenAIAgentsInstrumentation } from '@arizeai/openinference-instrumentation-openai-agents'
import * as agents from '@openai/agents'
import { context } from '@opentelemetry/api'
import {
  finish,
  MODEL,
  questions,
  secondSession,
  session,
  support,
  tools,
  triage,
  user,
} from './shared/job.mjs'
import { startTracing } from './shared/tracing.mjs'

const provider = startTracing()
new OpenAIAgentsInstrumentation({ tracerProvider: provider }).manuallyInstrument(agents)

const agent = new agents.Agent({
  name: support.name,
  instructions: support.prompt,
  model: MODEL,
  tools: tools.map(({ name, description, parameters, run }) =>
    agents.tool({ name, description, parameters, strict: true, execute: run }),
  ),
})
const first = new agents.Agent({
  name: triage.name,
  instructions: triage.prompt,
  model: MODEL,
  handoffs: [agent],
})
const inSession = (sessionId, run) =>
  context.with(setUser(setSession(context.active(), { sessionId }), { userId: user }), () =>
    agents.withTrace('order support', run, { groupId: sessionId }),
  )

for (const question of questions) await inSession(session, () => agents.run(agent, question))
await inSession(secondSession, () => agents.run(first, questions[0]))

await provider.shutdown()
finish('OpenAI Agents', '@openai/agents', '@arizeai/openinference-instrumentation-openai-agents')
