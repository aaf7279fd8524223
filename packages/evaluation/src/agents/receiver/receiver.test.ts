import { gzipSync } from 'node:zlib'
import { encodeTraces } from '@trace2/store/otlp'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { trialOf } from '../testing/task.ts'
import { Receiver } from './receiver.ts'

let receiver: Receiver
beforeEach(async () => {
  receiver = await Receiver.start()
  const opened = receiver
  onTestFinished(() => opened.close())
})

const bodyOf = (...traceIds: readonly string[]) => {
  const spans = traceIds.map((traceId, index) => ({
    traceId,
    spanId: String(index + 1).padStart(16, '0'),
    name: `span ${index}`,
  }))
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
}

async function post(path: string, body: string | Uint8Array, type: string, headers = {}) {
  const request = { method: 'POST', headers: { 'content-type': type, ...headers }, body }
  const response = await fetch(receiver.endpoint + path, request as RequestInit)
  await response.text()
  return response.status
}

test('spans are sorted to the trials that are under way, and those of no trial are left', async () => {
  const [one, two] = [trialOf({}), trialOf({})]
  const inboxes = [receiver.open(one), receiver.open(two)]
  const body = bodyOf(one.traceId, two.traceId, one.traceId, 'f'.repeat(32))
  expect(await post('/v1/traces', body, 'application/json; charset=utf-8')).toBe(200)
  await Promise.all(inboxes.map((inbox) => receiver.settle(inbox, 0)))
  expect(inboxes.map(({ received }) => received.spans.map(({ name }) => name))).toEqual([
    ['span 0', 'span 2'],
    ['span 1'],
  ])
  await post('/v1/traces', bodyOf(one.traceId), 'application/json')
  expect(inboxes[0]?.received.spans).toHaveLength(2)
})

test('protobuf is taken, gzip too', async () => {
  const task = trialOf({})
  const inbox = receiver.open(task)
  const sent = receiver.open(trialOf({}))
  await post('/v1/traces', bodyOf(sent.task.traceId), 'application/json')
  const spans = sent.received.spans.map((span) => ({ ...span, traceId: task.traceId }))
  const body = gzipSync(encodeTraces(spans))
  const headers = { 'content-encoding': 'gzip' }
  expect(await post('/v1/traces', body, 'application/x-protobuf', headers)).toBe(200)
  expect(inbox.received.spans).toMatchObject([{ name: 'span 0', traceId: task.traceId }])
})

test.each([
  ['/v1/logs', '{}', 'application/json', 200],
  ['/v1/metrics', '', 'application/x-protobuf', 200],
  ['/v1/traces', '{', 'application/json', 400],
  ['/v1/traces', 'no gzip', 'application/json', 400],
  ['/v1/traces', '{}', 'text/plain', 415],
  ['/anything', '{}', 'application/json', 404],
])('%s with %j as %s is answered with %i', async (path, body, type, status) => {
  const headers = body === 'no gzip' ? { 'content-encoding': 'gzip' } : {}
  expect(await post(path, body, type, headers)).toBe(status)
})

test('a port that is taken is said', async () => {
  const port = Number(new URL(receiver.endpoint).port)
  await expect(Receiver.start(port)).rejects.toMatchObject({ code: 'T2_AGENT_LOAD' })
})
