// Strands Agents for TypeScript, with its own spans. Needs Node.js 22.
import { Agent, FunctionTool } from '@strands-agents/sdk'
import { OpenAIModel } from '@strands-agents/sdk/models/openai'
import { setupTracer } from '@strands-agents/sdk/telemetry'
import {
  editor,
  finish,
  MODEL,
  questions,
  secondSession,
  session,
  support,
  tools,
  user,
} from './shared/job.mjs'
import { inSpan } from './shared/tracing.mjs'

const provider = setupTracer({ exporters: { otlp: true } })
const model = new OpenAIModel({ api: 'chat', modelId: MODEL })
const offered = tools.map(
  ({ name, description, parameters, run }) =>
    new FunctionTool({
      name,
      description,
      inputSchema: parameters,
      callback: (input) => run(input),
    }),
)
const told = (id) => ({ 'session.id': id, 'user.id': user })

const agent = new Agent({
  name: support.name,
  model,
  systemPrompt: support.prompt,
  tools: offered,
  printer: false,
  traceAttributes: told(session),
})
for (const question of questions) await agent.invoke(question)

const again = new Agent({
  name: support.name,
  model,
  systemPrompt: support.prompt,
  tools: offered,
  printer: false,
  traceAttributes: told(secondSession),
})
const rewriting = new Agent({
  name: editor.name,
  model,
  systemPrompt: editor.prompt,
  printer: false,
  traceAttributes: told(secondSession),
})
await inSpan('chain', async () => rewriting.invoke(String(await again.invoke(questions[0]))))

await provider.forceFlush()
finish('Strands Agents', '@strands-agents/sdk')
