// Anthropic's client with Traceloop's SDK.

import * as traceloop from '@traceloop/node-server-sdk'
import * as anthropic from 'anthropic-0'
import { doAll } from './shared/anthropic.mjs'
import { finish, user } from './shared/job.mjs'

traceloop.initialize({
  appName: process.env.OTEL_SERVICE_NAME,
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: 'none',
  disableBatch: true,
  silenceInitializationMessage: true,
  instrumentModules: { anthropic },
})
const turn = (session, name, run) =>
  traceloop.withAssociationProperties({ session_id: session, user_id: user }, () =>
    traceloop.withAgent({ name }, run),
  )
const tool = (name, args, run) => traceloop.withTool({ name, inputParameters: [args] }, run)
await doAll(new anthropic.default(), { turn, tool })

await traceloop.forceFlush()
finish('Anthropic client', 'anthropic-0', '@traceloop/node-server-sdk')
