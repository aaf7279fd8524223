// Vercel AI SDK 7 with its integration for OpenTelemetry. Needs Node.js 22.

import { openai } from '@ai-sdk/openai4'
import { OpenTelemetry } from '@ai-sdk/otel'
import {
  generateText,
  jsonSchema,
  registerTelemetry,
  stepCountIs,
  streamText,
  ToolLoopAgent,
  tool,
} from 'ai7'
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
import { inSpan, startTracing } from './shared/tracing.mjs'

const provider = startTracing()
registerTelemetry(new OpenTelemetry())
const offered = Object.fromEntries(
  tools.map(({ name, description, parameters, run }) => [
    name,
    tool({ description, inputSchema: jsonSchema(parameters), execute: run }),
  ]),
)
const told = (functionId, sessionId) => ({
  runtimeContext: { sessionId, userId: user },
  telemetry: { functionId, includeRuntimeContext: { sessionId: true, userId: true } },
})
const asked = (prompt, sessionId) => ({
  model: openai(MODEL),
  instructions: support.prompt,
  prompt,
  tools: offered,
  stopWhen: stepCountIs(5),
  ...told(support.name, sessionId),
})

await generateText(asked(questions[0], session))
await streamText(asked(questions[1], session)).text

const agent = new ToolLoopAgent({
  model: openai(MODEL),
  instructions: support.prompt,
  tools: offered,
  ...told(support.name, secondSession),
})
await inSpan('chain', async () => {
  const { text } = await agent.generate({ prompt: questions[0] })
  await generateText({
    model: openai(MODEL),
    instructions: editor.prompt,
    prompt: text,
    ...told(editor.name, secondSession),
  })
})

await provider.shutdown()
finish('Vercel AI SDK', 'ai7', '@ai-sdk/otel')
