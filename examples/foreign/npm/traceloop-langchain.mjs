// LangChain.js and LangGraph.js with Traceloop's SDK.
import * as callbacks from '@langchain/core/callbacks/manager'
import { awaitAllCallbacks } from '@langchain/core/callbacks/promises'
import * as traceloop from '@traceloop/node-server-sdk'
import { finish, user } from './shared/job.mjs'
import { askAgent, askGraph } from './shared/langchain.mjs'

traceloop.initialize({
  appName: process.env.OTEL_SERVICE_NAME,
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: 'none',
  disableBatch: true,
  silenceInitializationMessage: true,
  instrumentModules: { langchain: { callbackManagerModule: callbacks } },
})
const inSession = (session, run) =>
  traceloop.withAssociationProperties({ session_id: session, user_id: user }, run)

await inSession('session-42', () => askAgent())
await inSession('session-43', () => askGraph())

// LangChain tells of what has ended in the background.
await awaitAllCallbacks()
await traceloop.forceFlush()
finish('LangChain.js', 'langchain', '@traceloop/node-server-sdk')
