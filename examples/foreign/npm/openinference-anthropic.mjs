// Anthropic's client with OpenInference.
import Anthropic from '@anthropic-ai/sdk'
import { setSession, setUser } from '@arizeai/openinference-core'
import { AnthropicInstrumentation } from '@arizeai/openinference-instrumentation-anthropic'
import { context } from '@opentelemetry/api'
import { doAll } from './shared/anthropic.mjs'
import { finish, user } from './shared/job.mjs'
import { inSpan, startTracing } from './shared/tracing.mjs'

const instrumentation = new AnthropicInstrumentation()
const provider = startTracing({ instrumentations: [instrumentation] })
instrumentation.manuallyInstrument(Anthropic)

const turn = (sessionId, name, run) =>
  context.with(setUser(setSession(context.active(), { sessionId }), { userId: user }), () =>
    inSpan(name, run),
  )
await doAll(new Anthropic(), { turn })

await provider.shutdown()
finish('Anthropic client', '@anthropic-ai/sdk', '@arizeai/openinference-instrumentation-anthropic')
