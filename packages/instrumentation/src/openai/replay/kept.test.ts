import OpenAI from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { instrumentOpenAI } from '../../index.ts'
import { type AnswerKeeper, type KeptAnswer, keepingAnswers } from '../../replay/index.ts'
import { completion, completionChunks, startModelServer } from '../../testing/model-server.ts'
import { recordSpans } from '../../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
let client: OpenAI
beforeAll(async () => {
  server = await startModelServer()
  client = instrumentOpenAI(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 1 }))
})
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

/** Keeps answers in memory, in the order in which they came. */
function memory() {
  const kept: (readonly [string, KeptAnswer])[] = []
  const left = new Map<string, KeptAnswer[]>()
  const keeper: AnswerKeeper = {
    take: (request) => left.get(request)?.shift(),
    keep: (request, answer) => kept.push([request, answer]),
  }
  /** As after an interruption. */
  const again = () => {
    left.clear()
    for (const [request, answer] of kept) left.set(request, [...(left.get(request) ?? []), answer])
  }
  return { keeper, kept, again }
}

const ask = (content: string) =>
  client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content }],
  })

async function streamed(content: string, most = Number.POSITIVE_INFINITY): Promise<string[]> {
  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content }],
    stream: true,
  })
  const pieces: string[] = []
  for await (const chunk of stream) {
    pieces.push(chunk.choices[0]?.delta.content ?? '')
    if (pieces.length >= most) break
  }
  return pieces
}

const asked = async (fn: () => Promise<unknown>) => {
  const before = server.requests().length
  await fn()
  return server.requests().length - before
}

test('equal calls are answered in their order, the rest is asked', async () => {
  const { keeper, again } = memory()
  server.reply(completion({ content: 'one' }), completion({ content: 'two' }))
  const first = await keepingAnswers(keeper, async () => [await ask('a'), await ask('a')])
  again()
  server.reply(completion({ content: 'three' }))
  let second: unknown
  const calls = await asked(() =>
    keepingAnswers(keeper, async () => {
      second = [await ask('a'), await ask('a'), await ask('a')].map(
        ({ choices }) => choices[0]?.message.content,
      )
    }),
  )
  expect(first.map(({ choices }) => choices[0]?.message.content)).toEqual(['one', 'two'])
  expect(second).toEqual(['one', 'two', 'three'])
  expect(calls).toBe(1)
})

test('a stream is kept when it has ended, and given again as one', async () => {
  const { keeper, kept, again } = memory()
  server.reply({ events: completionChunks([{ content: 'Ye' }, { content: 's.' }]) })
  const pieces = await keepingAnswers(keeper, () => streamed('s'))
  again()
  expect(
    await asked(async () => {
      expect(await keepingAnswers(keeper, () => streamed('s'))).toEqual(pieces)
    }),
  ).toBe(0)
  server.reply({ events: completionChunks([{ content: 'Ye' }, { content: 's.' }]) })
  await keepingAnswers(keeper, () => streamed('broken off', 1))
  expect(kept).toHaveLength(1)
})

test('an error is not kept, and the answer to the next try is', async () => {
  const { keeper, kept } = memory()
  const headers = { 'retry-after-ms': '1' }
  server.reply({ status: 500, json: {}, headers }, completion({ content: 'fine' }))
  await keepingAnswers(keeper, () => ask('e'))
  expect(kept.map(([, { status }]) => status)).toEqual([200])
})

test('nothing is kept outside, and a keeper that fails costs nothing', async () => {
  const { keeper, kept } = memory()
  server.reply(completion({ content: 'outside' }), completion({ content: 'inside' }))
  await ask('o')
  expect(kept).toHaveLength(0)
  const broken: AnswerKeeper = {
    take: keeper.take,
    keep: () => {
      throw new Error('disk full')
    },
  }
  const { choices } = await keepingAnswers(broken, () => ask('o'))
  expect(choices[0]?.message.content).toBe('inside')
})
