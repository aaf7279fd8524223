// Google's Agent Development Kit for JavaScript, with its own spans.
import { FunctionTool, InMemoryRunner, LlmAgent } from '@google/adk'
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
import { startTracing } from './shared/tracing.mjs'

const provider = startTracing()
const tool = ({ name, description, run }, parameters) =>
  new FunctionTool({ name, description, parameters, execute: (input) => ({ result: run(input) }) })
const agentOf = () =>
  new LlmAgent({
    name: 'order_support',
    description: 'Answers questions about orders.',
    model: 'gemini-2.5-flash',
    instruction: support.prompt,
    tools: [
      tool(lookupOrder, z.object({ order_id: z.string() })),
      tool(refundPolicy, z.object({ country: z.string() })),
    ],
  })
const first = new LlmAgent({
  name: triage.name,
  description: 'Takes questions.',
  model: 'gemini-2.5-flash',
  instruction: triage.prompt,
  subAgents: [agentOf()],
})

async function ask(agent, sessionId, asked) {
  const runner = new InMemoryRunner({ agent, appName: 'shop' })
  await runner.sessionService.createSession({ appName: 'shop', userId: user, sessionId })
  for (const question of asked) {
    const newMessage = { role: 'user', parts: [{ text: question }] }
    for await (const _ of runner.runAsync({ userId: user, sessionId, newMessage }));
  }
}
await ask(agentOf(), session, questions)
await ask(first, secondSession, questions.slice(0, 1))

await provider.shutdown()
finish('Google ADK', '@google/adk')
