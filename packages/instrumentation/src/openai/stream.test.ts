import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { bundle, instrumentOpenAI, run } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { completionChunks, type Reply, startModelServer } from '../testing/model-server.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
let client: OpenAI
beforeAll(async () => {
  server = await startModelServer()
  client = instrumentOpenAI(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 }))
})
afterEach(() => recorded.reset())
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const text = completionChunks([
  { role: 'assistant', content: 'The parcel ' },
  { content: 'is on ' },
  { content: 'its way.' },
])

async function start(reply: Partial<Reply> = {}, events = text) {
  server.reply({ events, ...reply })
  return client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'Where is it?' }],
    stream: true,
    stream_options: { include_usage: true },
  })
}

const span = () => spanOf(recorded.spans(), 'openai.chat')

test('a stream ends its span with the last chunk, and is known as the text it came to', async () => {
  const send = bundle('send', (reply: string) => reply.length)
  await run('agent', async () => {
    let reply = ''
    for await (const chunk of await start()) {
      expect(recorded.spans()).toEqual([])
      reply += chunk.choices[0]?.delta.content ?? ''
    }
    send(reply)
  })()
  expect(span().attributes).toMatchObject({
    'output.value': 'The parcel is on its way.',
    'gen_ai.request.stream': true,
    'gen_ai.response.id': 'chatcmpl-2',
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.usage.output_tokens': 8,
    'gen_ai.response.time_to_first_chunk': expect.any(Number),
  })
  expect(edgesOf(recorded.spans(), 'send')).toEqual(['reply=openai.chat!value'])
})

test('tool calls that come in pieces are put together', async () => {
  const piece = (index: number, part: object) => ({ tool_calls: [{ index, ...part }] })
  const events = completionChunks(
    [
      piece(0, { id: 'call_1', type: 'function', function: { name: 'find', arguments: '{"id"' } }),
      piece(1, { id: 'call_2', type: 'function', function: { name: 'look', arguments: '{}' } }),
      piece(0, { function: { arguments: ':"LO-20455"}' } }),
    ],
    'tool_calls',
  )
  for await (const _chunk of await start({}, events));
  expect(JSON.parse(String(span().attributes['output.value']))).toEqual({
    tool_calls: [
      { id: 'call_1', name: 'find', arguments: { id: 'LO-20455' } },
      { id: 'call_2', name: 'look', arguments: {} },
    ],
  })
})

test('a stream that is left early ends with what had come', async () => {
  for await (const _chunk of await start({ hangs: true })) break
  expect(span().attributes['output.value']).toBe('The parcel ')
  expect(span().attributes['gen_ai.response.finish_reasons']).toBeUndefined()
})

test('a stream that breaks is an exception node', async () => {
  const consume = async () => {
    for await (const _chunk of await start({ breaks: true }));
  }
  await expect(consume()).rejects.toThrow()
  expect(span().status.code).toBe(2)
})

test('an error among the chunks is one of the call', async () => {
  const consume = async () => {
    for await (const _chunk of await start({}, [
      ...text.slice(0, 1),
      { error: { message: 'no' } },
    ]));
  }
  await expect(consume()).rejects.toThrow()
  expect(span().attributes['error.type']).toBe('APIError')
})

test('a stream that is aborted ends, read or not', async () => {
  const unread = await start({ hangs: true })
  unread.controller.abort()
  expect(span().status.code).toBe(0)
  recorded.reset()
  const stream = await start({ hangs: true })
  for await (const _chunk of stream) stream.controller.abort()
  expect(String(span().attributes['output.value'])).toMatch(/^The parcel/)
})

test('a stream that nobody reads ends when it is collected', async () => {
  await (async () => void (await start({ hangs: true })))()
  await vi.waitFor(
    async () => {
      await collectGarbage()
      expect(recorded.spans()).toHaveLength(1)
    },
    { timeout: 5_000 },
  )
})

test('both halves of a divided stream, and its bytes, are as without us', async () => {
  const [left, right] = (await start()).tee()
  const texts = [left, right].map(async (half) => {
    let all = ''
    for await (const chunk of half) all += chunk.choices[0]?.delta.content ?? ''
    return all
  })
  expect(await Promise.all(texts)).toEqual(Array(2).fill('The parcel is on its way.'))
  expect(span().attributes['output.value']).toBe('The parcel is on its way.')
  recorded.reset()
  let bytes = ''
  for await (const piece of (await start()).toReadableStream()) {
    bytes += new TextDecoder().decode(piece)
  }
  expect(bytes.trim().split('\n')).toHaveLength(text.length)
  expect(span().attributes['output.value']).toBe('The parcel is on its way.')
})

test("the client's own stream gives the message it puts together, known by identity", async () => {
  const send = bundle('send', (message: object) => 'content' in message)
  server.reply({ events: text })
  await run('agent', async () => {
    const stream = client.chat.completions.stream({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Where is it?' }],
    })
    const deltas: string[] = []
    stream.on('content', (delta) => deltas.push(delta))
    const completion = await stream.finalChatCompletion()
    send(completion.choices[0]?.message ?? {})
    expect(deltas).toHaveLength(3)
  })()
  expect(edgesOf(recorded.spans(), 'send')).toEqual(['message=openai.chat!identity'])
})
