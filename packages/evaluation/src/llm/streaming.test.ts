import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, expect, it } from 'vitest'
import {
  type ChatReply,
  chatServer,
  completion,
  type RawReply,
  streamEvents,
} from '../testing/chat-server.ts'
import type { LlmActivity } from './activity.ts'
import { openaiClient } from './client.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
import type { ChatRequest } from './request.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const request: ChatRequest = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] }
const pieces = ['{"reasoning":"', 'because ', 'of the feedback', '"}']
const text = pieces.join('')
const done = 'data: [DONE]\n\n'
const events = { 'content-type': 'text/event-stream; charset=utf-8' }

async function watched(reply: ChatReply) {
  await using server = await chatServer(() => reply)
  const seen: LlmActivity[] = []
  const client = openaiClient({ baseURL: server.url, apiKey: 'none' })
  const llm = createLlm({
    transport: openaiTransport(client),
    store,
    onActivity: (activity) => seen.push(activity),
  })
  const answered = await llm.call('test', request)
  return { ...answered, seen, bodies: server.bodies }
}

it('an answer is told of as it comes, with its usage at the end', async () => {
  const raw = streamEvents(pieces).join('')
  const { text: read, seen, bodies, call } = await watched({ headers: events, raw })
  expect(read).toBe(text)
  expect(call).toMatchObject({ inputTokens: 100, outputTokens: 20 })
  expect(bodies[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  const tokens = seen.map((activity) => activity.tokens)
  expect(Math.max(...tokens)).toBe(Math.round(text.length / 4))
  expect(new Set(tokens).size).toBeGreaterThan(3)
  expect(seen.at(-1)).toEqual({ done: 1, known: 1, tokens: 0 })
})

it.each<readonly [string, ChatReply]>([
  ['answers JSON where a stream was asked for', text],
  [
    'calls its stream something else',
    { headers: { 'content-type': 'application/json' }, raw: streamEvents(pieces).join('') },
  ],
  [
    'says things between the events',
    { headers: events, raw: streamEvents(pieces).join(': still working\n\n') },
  ],
  [
    'does not say when it is done, but why',
    { headers: events, raw: streamEvents(pieces).slice(0, -2).join('') },
  ],
  [
    'says that it is done, and not why',
    { headers: events, raw: [...streamEvents(pieces).slice(0, 4), done].join('') },
  ],
  [
    'calls a tool',
    { raw: completion({ content: null, tool_calls: [{ function: { arguments: text } }] }) },
  ],
])('an endpoint that %s is understood', async (_what, reply) => {
  expect((await watched(reply)).text).toBe(text)
})

/** The first events of a stream that never says why it ended. */
const begun = streamEvents(pieces).slice(0, 2).join('')

it.each<readonly [string, RawReply, streamedAfter: boolean]>([
  ['ends for the sake of another request', { raw: begun + done, after: 'drop' }, false],
  ['says that it is done in the middle', { raw: begun + done }, false],
  ['breaks off', { raw: begun, after: 'drop' }, true],
  ['ends in the middle', { raw: begun }, true],
])('an answer whose stream %s is asked for in one piece', async (_what, reply, streamedAfter) => {
  await using server = await chatServer(({ stream }) =>
    stream ? { headers: events, ...reply } : text,
  )
  const client = openaiClient({ baseURL: server.url, apiKey: 'none', maxRetries: 1 })
  const llm = createLlm({ transport: openaiTransport(client), store, onActivity: () => {} })
  expect((await llm.call('test', request)).text).toBe(text)
  expect((await llm.call('test', { ...request, sample: 1 })).text).toBe(text)
  const streams = server.bodies.map(({ stream }) => stream === true)
  expect(streams).toEqual(streamedAfter ? [true, false, true, false] : [true, false, false])
})

it('what a server ends for the next request is asked for in one piece, however many there are', async () => {
  let end: (() => void) | undefined
  await using server = await chatServer(async ({ stream }) => {
    end?.()
    if (!stream) return text
    const isEnded = await new Promise<boolean>((resolve) => {
      end = () => resolve(true)
      setTimeout(resolve, 300, false)
    })
    return { headers: events, raw: isEnded ? begun + done : streamEvents(pieces).join('') }
  })
  const client = openaiClient({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
  const llm = createLlm({ transport: openaiTransport(client), store, onActivity: () => {} })
  const ask = async (sample: number) => (await llm.call('test', { ...request, sample })).text
  expect(await Promise.all([0, 1, 2, 3].map(ask))).toEqual([text, text, text, text])
  const before = server.bodies.length
  expect(before).toBeLessThanOrEqual(2 * 4)
  expect(await ask(4)).toBe(text)
  expect(server.bodies.slice(before).map(({ stream }) => stream)).toEqual([undefined])
})

it('an answer whose stream is complete is one, whatever becomes of the connection', async () => {
  const raw = streamEvents(pieces).join('')
  const { text: read, bodies } = await watched({ headers: events, raw, after: 'drop' })
  expect(read).toBe(text)
  expect(bodies).toHaveLength(1)
})

it('an answer whose usage does not come is counted, and marked', async () => {
  const raw = streamEvents(pieces, null).join('')
  const { call } = await watched({ headers: events, raw })
  expect(call.response).toMatchObject({ estimated: true })
  expect(call.inputTokens).toBeGreaterThan(0)
  expect(call.outputTokens).toBeGreaterThan(0)
})

it('an answer that goes on far beyond its limit is cut off', async () => {
  const endless = Array.from({ length: 2000 }, () => ' '.repeat(200))
  const { finishReason } = await watched({ headers: events, raw: streamEvents(endless).join('') })
  expect(finishReason).toBe('length')
})

it('nothing is streamed where nobody watches', async () => {
  await using server = await chatServer(() => text)
  const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
  await createLlm({ transport, store }).call('test', request)
  expect(server.bodies[0]?.stream).toBeUndefined()
})

it.each<ChatReply>([text, { headers: events, raw: streamEvents(pieces).join('') }])(
  'a client that waits longer than fetch does is answered as well',
  async (reply) => {
    await using server = await chatServer(() => reply)
    const patient = openaiClient({ baseURL: server.url, apiKey: 'none', timeoutMs: 900_000 })
    const llm = createLlm({ transport: openaiTransport(patient), store, onActivity: () => {} })
    expect((await llm.call('test', request)).text).toBe(text)
    await using refusing = await chatServer(() => ({ status: 402, raw: { detail: 'no credits' } }))
    const refused = openaiClient({ baseURL: refusing.url, apiKey: 'none', timeoutMs: 900_000 })
    const call = createLlm({ transport: openaiTransport(refused), store }).call('other', {
      ...request,
      sample: 1,
    })
    await expect(call).rejects.toMatchObject({
      code: 'T2_MODEL_QUOTA',
      message: expect.stringContaining('no credits'),
    })
  },
)
