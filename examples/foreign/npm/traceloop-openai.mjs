// The `openai` client with Traceloop's SDK, whose decorators name workflows, agents and tools.
import * as traceloop from '@traceloop/node-server-sdk'
import OpenAI from 'openai'
import { finish, user } from './shared/job.mjs'
import { doAll } from './shared/openai-chat.mjs'

traceloop.initialize({
  appName: process.env.OTEL_SERVICE_NAME,
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: 'none',
  disableBatch: true,
  silenceInitializationMessage: true,
  instrumentModules: { openAI: OpenAI },
})

const turn = (session, name, run) =>
  traceloop.withAssociationProperties({ session_id: session, user_id: user }, () =>
    traceloop.withAgent({ name }, run),
  )
const tool = (name, args, run) =>
  traceloop.withTool({ name, inputParameters: [JSON.parse(args)] }, run)
await doAll(new OpenAI(), { turn, tool })

await traceloop.forceFlush()
finish('OpenAI client', 'openai', '@traceloop/node-server-sdk')
