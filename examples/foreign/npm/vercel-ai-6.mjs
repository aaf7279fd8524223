// Vercel AI SDK 6, with the telemetry that it has built in.
import { openai } from '@ai-sdk/openai'
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai'
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
const offered = Object.fromEntries(
  tools.map(({ name, description, parameters, run }) => [
    name,
    tool({ description, inputSchema: jsonSchema(parameters), execute: run }),
  ]),
)
const telemetry = (functionId, sessionId) => ({
  isEnabled: true,
  functionId,
  metadata: { sessionId, userId: user },
})
const asked = (prompt, sessionId) => ({
  model: openai(MODEL),
  system: support.prompt,
  prompt,
  tools: offered,
  stopWhen: stepCountIs(5),
  experimental_telemetry: telemetry(support.name, sessionId),
})

await generateText(asked(questions[0], session))
await streamText(asked(questions[1], session)).text

await inSpan('chain', async () => {
  const { text } = await generateText(asked(questions[0], secondSession))
  await generateText({
    model: openai(MODEL),
    system: editor.prompt,
    prompt: text,
    experimental_telemetry: telemetry(editor.name, secondSession),
  })
})

await provider.shutdown()
finish('Vercel AI SDK', 'ai')
