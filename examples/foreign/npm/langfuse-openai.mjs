// The `openai` client with Langfuse's SDK, which wraps the client and exports by its own processor.
import { observeOpenAI } from '@langfuse/openai'
import { LangfuseSpanProcessor } from '@langfuse/otel'
import { propagateAttributes, startActiveObservation } from '@langfuse/tracing'
import OpenAI from 'openai'
import { finish, user } from './shared/job.mjs'
import { doAll } from './shared/openai-chat.mjs'
import { startTracing } from './shared/tracing.mjs'

const processor = new LangfuseSpanProcessor({
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  publicKey: 'pk-lf-none',
  secretKey: 'sk-lf-none',
})
const provider = startTracing({ processors: [processor] })

const turn = (sessionId, name, run) =>
  propagateAttributes({ sessionId, userId: user }, () =>
    startActiveObservation(
      name,
      async (agent) => {
        const output = await run()
        agent.update({ output })
        return output
      },
      { asType: 'agent' },
    ),
  )
const tool = (name, args, run) =>
  startActiveObservation(
    name,
    (span) => {
      const output = run()
      span.update({ input: JSON.parse(args), output })
      return output
    },
    { asType: 'tool' },
  )
await doAll(observeOpenAI(new OpenAI()), { turn, tool })

await provider.forceFlush()
await provider.shutdown()
finish('OpenAI client', 'openai', '@langfuse/openai')
