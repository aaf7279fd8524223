import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { instrumentOpenAI } from '@trace2/instrumentation'
import { type StartOptions, start } from '@trace2/instrumentation/node'
import { CHAT_MODEL, startSimulatedModel } from '@trace2/simulated-model'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { createAgent } from './agent.ts'
import { createApp } from './app.ts'
import { openDatabase } from './database.ts'
import { withoutCredentials } from './mask.ts'
import { temporaryCollector } from './testing/collector.ts'
import { post } from './testing/post.ts'

/** The service on a free port, everything in this process, and the queries that its database has run. */
async function serve(options: StartOptions = {}) {
  const collector = await temporaryCollector()
  const tracing = start({ serviceName: 'ticket-service', endpoint: collector.url, ...options })
  const model = await startSimulatedModel()
  const database = await openDatabase()
  const queries: string[] = []
  database.on('query', ({ sql }: { sql: string }) => queries.push(sql.slice(0, sql.indexOf('`'))))
  const client = instrumentOpenAI(new OpenAI({ baseURL: model.url, apiKey: 'none' }))
  const agent = createAgent(database, client, CHAT_MODEL)
  const server = createApp(agent).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    await tracing.shutdown()
    server.close()
    await database.destroy()
    await model.close()
  })
  const { port } = server.address() as AddressInfo
  return { agent, collector, queries, tracing, send: post.bind(undefined, port) }
}

test('the reply to a ticket comes with the ids of a run that knows what came from where', async () => {
  const { collector, queries, send, tracing } = await serve({ mask: withoutCredentials })
  const response = await send('/tickets', {
    customer: 1,
    text: 'The API has been down since noon.',
  })
  expect(response.status).toBe(201)
  const { category, reply, run } = JSON.parse(await response.text())
  expect(category).toBe('outage')
  expect(reply).toContain('Ada Lovelace')
  expect(queries).toEqual(['select * from ', 'select * from ', 'insert into '])
  await tracing.shutdown()

  const { nodes, edges } = await collector.store.graph(run.traceId)
  const names = new Map(nodes.map((node) => [node.id, 'op' in node ? node.op : node.kind]))
  const drawn = edges.map(({ from, to, role, how }) => {
    return `${names.get(from)} -> ${names.get(to)} ${role}: ${how}`
  })
  expect(drawn).toEqual(
    expect.arrayContaining([
      'read_ticket -> classify text: value',
      'look_up_customer -> classify customer: identity',
      'look_up_customer -> earlier_replies customer: identity',
      'look_up_customer -> draft customer: identity',
      'parameter -> classify instructions: exact',
      'classify -> draft category: value',
      'earlier_replies -> draft earlier: identity',
      'draft -> store_reply text: value',
    ]),
  )
  const operators = nodes.flatMap((node) => (node.kind === 'op' ? [node] : []))
  const lookUp = operators.filter(({ op }) => op === 'look_up_customer')
  expect(lookUp.map(({ value }) => value)).toEqual([
    { id: 1, name: 'Ada Lovelace', plan: 'enterprise' },
  ])
  expect(operators.filter(({ op }) => op === 'openai.chat')).toHaveLength(2)
})

test('a query runs once each time it is awaited, and not before', async () => {
  const { agent, queries } = await serve()
  const query = agent.lookUpCustomer(2)
  await new Promise((resolve) => setImmediate(resolve))
  expect(queries).toHaveLength(0)
  expect(await query).toMatchObject({ name: 'Charles Babbage' })
  expect(queries).toHaveLength(1)
  expect(await query).toMatchObject({ name: 'Charles Babbage' })
  expect(queries).toHaveLength(2)
})

test('a thumb lands on its run, and made-up ids are refused', async () => {
  const { collector, send, tracing } = await serve()
  const ticket = await send('/tickets', { customer: 2, text: 'I was charged twice.' })
  const { run } = JSON.parse(await ticket.text())
  const thumb = { run, up: false, comment: 'It does not say when.' }
  expect((await send('/feedback', thumb)).status).toBe(202)
  for (const forged of [undefined, {}, { traceId: "' OR 1=1", spanId: '1' }])
    expect((await send('/feedback', { ...thumb, run: forged })).status).toBe(400)
  await tracing.shutdown()

  expect(await collector.store.feedback()).toMatchObject([
    { ...run, name: 'thumb', score: 0, comment: 'It does not say when.', source: 'human' },
  ])
})

test('a ticket that cannot be answered is an error of its caller and of its run', async () => {
  const { collector, send, tracing } = await serve()
  for (const ticket of [{ customer: 9, text: 'Hello?' }, { customer: 1 }, 'no object'])
    expect((await send('/tickets', ticket)).status).toBe(400)
  await tracing.shutdown()
  // What is no JSON never reached the agent.
  expect((await collector.store.runs()).map(({ failed }) => failed)).toEqual([true, true])
})

test('a request that is handed to a step costs little, and with a mask leaves nothing of the caller', async () => {
  const recorded = async (options: StartOptions) => {
    const { collector, send, tracing } = await serve(options)
    const response = await send('/tickets', { customer: 1, text: 'How do I export my data?' })
    const { run } = JSON.parse(await response.text())
    await tracing.shutdown()
    const { nodes } = await collector.store.graph(run.traceId)
    return JSON.stringify(nodes.find((node) => 'op' in node && node.op === 'read_ticket'))
  }
  expect((await recorded({})).length).toBeLessThan(10_000)
  const masked = await recorded({ mask: withoutCredentials })
  expect(masked).toContain('"url":"/tickets"')
  expect(masked).not.toContain('of-the-caller')
})
