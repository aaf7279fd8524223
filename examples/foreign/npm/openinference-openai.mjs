// The `openai` client with OpenInference. The program sets the session with OpenInference's context.

import { setSession, setUser } from '@arizeai/openinference-core'
import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { context } from '@opentelemetry/api'
import OpenAI from 'openai'
import { finish, user } from './shared/job.mjs'
import { doAll } from './shared/openai-chat.mjs'
import { inSpan, startTracing } from './shared/tracing.mjs'

const instrumentation = new OpenAIInstrumentation()
const provider = startTracing({ instrumentations: [instrumentation] })
instrumentation.manuallyInstrument(OpenAI)

const turn = (sessionId, name, run) =>
  context.with(setUser(setSession(context.active(), { sessionId }), { userId: user }), () =>
    inSpan(name, run),
  )
await doAll(new OpenAI(), { turn })

await provider.shutdown()
finish('OpenAI client', 'openai', '@arizeai/openinference-instrumentation-openai')
