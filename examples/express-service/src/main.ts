import '@trace2/simulated-model/without-key'
import { instrumentOpenAI } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'
import OpenAI from 'openai'
import { createAgent } from './agent.ts'
import { createApp } from './app.ts'
import { openDatabase } from './database.ts'
import { withoutCredentials } from './mask.ts'

const tracing = start({ serviceName: 'ticket-service', mask: withoutCredentials })
const database = await openDatabase()
const client = instrumentOpenAI(new OpenAI())
const agent = createAgent(database, client, process.env.TRACE2_MODEL || 'gpt-4o-mini')

const server = createApp(agent).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error
  const address = server.address()
  if (address && typeof address === 'object') console.log(`Listening on port ${address.port}`)
})

// Requests that are under way are answered; then what they used is closed, and the process ends by itself.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close(async () => {
      await database.destroy()
      await tracing.shutdown()
    })
    // A connection that has had its last answer is not kept for another question.
    server.keepAliveTimeout = 1
  })
}
