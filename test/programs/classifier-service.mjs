// A service of its own, in a process of its own: takes a ticket over HTTP and classifies it.
import { createServer } from 'node:http'
import { context, propagation } from '@opentelemetry/api'
import { bundle } from '@trace2/instrumentation'
import { start } from '@trace2/instrumentation/node'

const tracing = start({ serviceName: 'classifier', endpoint: process.env.COLLECTOR })
const classify = bundle('classify', async (ticket) => ({
  category: `category of ${ticket.id}`,
  certainty: 0.8125,
}))

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const ticket = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  const caller = propagation.extract(context.active(), request.headers)
  const result = await context.with(caller, () => classify(ticket))
  await tracing.flush()
  response.end(JSON.stringify(result))
})
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port))
process.on('disconnect', () => process.exit(0))
