import { getEventListeners } from 'node:events'
import { appendFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatReply, chatServer, completion } from '../testing/chat-server.ts'
import { ask, type Read } from './ask.ts'
import { asJson } from './json-answer.ts'
import { createLlm, type LlmOptions } from './llm.ts'
import { openaiTransport } from './openai.ts'
import { recordAnswers, replayAnswers } from './replay.ts'
import type { ChatRequest } from './request.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const request: ChatRequest = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Hello' }],
  schema: { name: 'answer', schema: { type: 'object' } },
}

async function withModel(
  reply: Parameters<typeof chatServer>[0] | ChatReply,
  options: Partial<LlmOptions> = {},
) {
  const server = await chatServer(typeof reply === 'function' ? reply : () => reply)
  const llm = createLlm({ transport: openaiTransport(server.client), store, ...options })
  return { server, llm, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

describe('a model call', () => {
  it('is recorded with its request, answer, tokens and price', async () => {
    await using model = await withModel('{"a":1}')
    const { call } = await model.llm.call('test', request)
    expect(await store.llmCalls([call.id])).toEqual([call])
    expect(call).toMatchObject({
      status: 'done',
      inputTokens: 100,
      outputTokens: 20,
      costUsd: (100 * 0.15 + 20 * 0.6) / 1e6,
      response: { text: '{"a":1}' },
    })
  })

  it('is made once for equal requests, in parallel and in a later process', async () => {
    await using model = await withModel('{}')
    await Promise.all([model.llm.call('a', request), model.llm.call('b', request)])
    const later = createLlm({ transport: openaiTransport(model.server.client), store })
    expect((await later.call('c', request)).cached).toBe(true)
    expect(model.server.bodies).toHaveLength(1)
    expect(later.spent.calls).toBe(0)
    await later.call('d', { ...request, sample: 1 })
    expect(model.server.bodies).toHaveLength(2)
  })

  it('is recorded as failed where the endpoint gives no answer, and can be made again', async () => {
    let broken = true
    await using model = await withModel(() => (broken ? { status: 401, message: 'no key' } : '{}'))
    const failure = model.llm.call('test', request)
    await expect(failure).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
    const { rows } = await store.sql('SELECT status, error FROM v_llm_call')
    expect(rows).toEqual([['failed', expect.stringContaining('no key')]])
    broken = false
    expect((await model.llm.call('test', request)).call.status).toBe('done')
  })

  it('is repeated by the client where the endpoint is overloaded', async () => {
    await using model = await withModel((_body, call) =>
      call < 3 ? { status: 429, message: 'slow down' } : '{}',
    )
    await model.llm.call('test', request)
    expect(model.server.bodies).toHaveLength(3)
  })

  it('asks for a JSON object, then for text, where the endpoint has no JSON schema', async () => {
    await using model = await withModel(({ response_format }) =>
      response_format ? { status: 400, message: 'unknown response_format' } : '{}',
    )
    await model.llm.call('test', request)
    await model.llm.call('test', { ...request, sample: 1 })
    expect(model.server.bodies.map(({ response_format }) => response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
      undefined,
    ])
  })
})

describe('a model that takes no temperature', () => {
  it('is asked without one from then on, and other models with theirs', async () => {
    await using server = await chatServer(({ model, temperature }) =>
      model === 'o3' && temperature !== undefined
        ? { status: 400, message: "Unsupported value: 'temperature' does not support 0.2." }
        : '{}',
    )
    const llm = createLlm({ transport: openaiTransport(server.client), store })
    for (const model of ['o3', 'o3', 'gpt-4o']) {
      const sample = server.bodies.length
      await llm.call('test', { ...request, model, temperature: 0.2, sample })
    }
    expect(server.bodies.map(({ model, temperature }) => [model, temperature])).toEqual([
      ['o3', 0.2],
      ['o3', undefined],
      ['o3', undefined],
      ['gpt-4o', 0.2],
    ])
    expect(server.bodies.every((body) => body.response_format?.type === 'json_schema')).toBe(true)
  })
})

describe('an endpoint that has only the older name of the limit on an answer', () => {
  it('is asked by that from then on', async () => {
    await using model = await withModel((body) =>
      'max_completion_tokens' in body
        ? { status: 422, message: 'extra_forbidden: body.max_completion_tokens' }
        : '{}',
    )
    for (const sample of [0, 1]) await model.llm.call('test', { ...request, sample })
    expect(model.server.bodies.map((body) => Reflect.get(body, 'max_tokens'))).toEqual([
      undefined,
      8192,
      8192,
    ])
  })
})

describe('a request that no form of it makes right', () => {
  it('says nothing about the forms that the endpoint knows', async () => {
    await using model = await withModel((_body, call) =>
      call <= 3 ? { status: 400, message: 'response_format is not supported today' } : '{}',
    )
    const failure = model.llm.call('test', request)
    await expect(failure).rejects.toMatchObject({ code: 'T2_MODEL_CALL' })
    await model.llm.call('test', { ...request, sample: 1 })
    expect(model.server.bodies.at(-1)?.response_format?.type).toBe('json_schema')
  })
})

describe('an interruption', () => {
  it('is waited for by no more than the calls under way, however many there were', async () => {
    const stop = new AbortController()
    await using model = await withModel('{}', { signal: stop.signal })
    for (let sample = 0; sample < 12; sample++) {
      await model.llm.call('test', { ...request, sample })
    }
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0)
  })

  it('ends a call under way, leaves it recorded as failed, and begins no other', async () => {
    const stop = new AbortController()
    await using model = await withModel(
      async () => {
        stop.abort()
        await new Promise((resolve) => setTimeout(resolve, 50))
        return '{}'
      },
      { signal: stop.signal, concurrency: 1 },
    )
    const calls = [0, 1].map((sample) => model.llm.call('test', { ...request, sample }))
    for (const each of await Promise.allSettled(calls)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    }
    expect(model.server.bodies).toHaveLength(1)
    const { rows } = await store.sql('SELECT status FROM v_llm_call')
    expect(rows).toEqual([['failed']])
  })
})

describe('the end of what is asked', () => {
  it('waits for the calls under way, records them, and lets no other begin', async () => {
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    await using model = await withModel(() => asked.then(() => '{}'), { concurrency: 2 })
    const calls = [0, 1, 2, 3].map((sample) => model.llm.call('test', { ...request, sample }))
    const settled = Promise.allSettled(calls)
    await expect.poll(() => model.server.bodies.length).toBe(2)
    const end = model.llm.end?.()
    answer()
    await end
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    const { rows } = await store.sql('SELECT status FROM v_llm_call')
    expect(rows).toEqual([['done'], ['done']])
  })
})

describe('recorded answers', () => {
  it('stand in for the endpoint, a torn last line aside', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
    await using model = await withModel('{"a":1}')
    const record = recordAnswers(openaiTransport(model.server.client), file)
    await createLlm({ transport: record, store }).call('test', request)
    await appendFile(file, '{"key":"x","answ')
    const other = await openStore(':memory:')
    const replayed = createLlm({ transport: replayAnswers(file), store: other })
    expect((await replayed.call('test', request)).text).toBe('{"a":1}')
    await expect(replayed.call('test', { ...request, sample: 1 })).rejects.toMatchObject({
      code: 'T2_REPLAY_MISSING',
    })
    expect(model.server.bodies).toHaveLength(1)
    await other.close()
  })

  it('include those that were in the store before', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'answers.jsonl')
    await using model = await withModel('{"a":1}')
    await model.llm.call('test', request)
    const record = recordAnswers(openaiTransport(model.server.client), file)
    await createLlm({ transport: record, store }).call('test', request)
    expect(model.server.bodies).toHaveLength(1)
    const answers = replayAnswers(file)
    const other = await openStore(':memory:')
    const { call } = await createLlm({ transport: answers, store: other }).call('test', request)
    expect(call).toMatchObject({ response: { text: '{"a":1}' }, inputTokens: 100 })
    await other.close()
  })
})

describe('limits', () => {
  it.each([{ callsPerMinute: 2 }, { tokensPerMinute: 8400 }])(
    '%o keep a call waiting until it fits',
    async (limits) => {
      const stop = new AbortController()
      // Each call is known to have needed 120 tokens once it is answered; before, it may need 8,192 for the answer.
      await using model = await withModel('{}', { ...limits, signal: stop.signal })
      const call = (sample: number) => model.llm.call('test', { ...request, sample })
      await call(0)
      await call(1)
      const waiting = call(2)
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(model.server.bodies).toHaveLength(2)
      stop.abort()
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
      expect(model.server.bodies).toHaveLength(2)
    },
  )

  it.each([
    [{ maxCalls: 1 }, 'T2_BUDGET_SPENT'],
    [{ maxTokens: 8500 }, 'T2_BUDGET_SPENT'],
    [{ maxCostUsd: 0.005 }, 'T2_BUDGET_SPENT'],
    [{ maxCostUsd: 1, prices: {} }, 'T2_PRICE_UNKNOWN'],
  ])('%o is checked before a call, also of calls in parallel', async (limits, code) => {
    const usage = { prompt_tokens: 20, completion_tokens: 8000 }
    const raw = completion({ content: '{}' }, { usage })
    await using model = await withModel({ raw }, limits)
    const calls = [0, 1, 2].map((sample) => model.llm.call('test', { ...request, sample }))
    const rejected = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThanOrEqual(2)
    for (const each of rejected) expect(each).toMatchObject({ reason: { code } })
    expect(model.server.bodies.length).toBe(3 - rejected.length)
  })

  it.each([{ maxTokens: 9000 }, { maxCostUsd: 0.006 }, { maxCalls: 6 }])(
    '%o refuse no call that fits once those under way have ended',
    async (limits) => {
      await using model = await withModel('{}', limits)
      const samples = [0, 1, 2, 3, 4, 5]
      await Promise.all(samples.map((sample) => model.llm.call('test', { ...request, sample })))
      expect(model.llm.spent).toMatchObject({ calls: 6, inputTokens: 600, outputTokens: 120 })
    },
  )

  it('that refuse a call do so after those under way have ended, and count them', async () => {
    await using model = await withModel('{}', { maxCalls: 2 })
    const calls = [0, 1, 2].map((sample) => model.llm.call('test', { ...request, sample }))
    const so = 'So far: 2 model calls, 200 tokens in, 40 out'
    await expect(Promise.all(calls)).rejects.toThrow(so)
    await model.llm.end?.()
    const { rows } = await store.sql('SELECT status, count(*)::INTEGER FROM v_llm_call GROUP BY 1')
    expect(rows).toEqual([['done', 2]])
  })

  it('leave room again for what a call did not use', async () => {
    await using model = await withModel('{}', { maxTokens: 9000 })
    await model.llm.call('test', { ...request, sample: 0 })
    await model.llm.call('test', { ...request, sample: 1 })
    expect(model.llm.spent).toMatchObject({ calls: 2, inputTokens: 200, outputTokens: 40 })
  })
})

describe('an invalid answer', () => {
  const read = asJson(
    (json): Read<number> =>
      typeof json === 'object' && json !== null && 'n' in json && typeof json.n === 'number'
        ? { ok: true, value: json.n }
        : { ok: false, fault: 'it has no number n' },
  )

  it('is asked for again with what was wrong', async () => {
    await using model = await withModel((_body, call) =>
      call === 1 ? '{"n":"x"}' : 'So: ```json\n{"n":7}\n```',
    )
    const { value, calls } = await ask(model.llm, 'test', request, read)
    expect(value).toBe(7)
    expect(calls).toHaveLength(2)
    expect(model.server.bodies[1]?.messages.map(({ content }) => content)).toEqual([
      'Hello',
      '{"n":"x"}',
      expect.stringContaining('it has no number n'),
    ])
  })

  it.each([
    'Well.\n{"n":7}\nThat is {it}.',
    '<think>Perhaps {n: 1}, or\n```json\n{"n":"x"}\n```\n</think>\n{"n":7}',
    '<think>First "quoted" and { unclosed.</think>\n```json\n{"n":7}\n```',
    '{"n":1}\nNo, wait: {"n":7}',
  ])('is none that has words around it: %j', async (text) => {
    await using model = await withModel(text)
    expect((await ask(model.llm, 'test', request, read, 0)).value).toBe(7)
  })

  it('of nothing but braces is soon given up', () => {
    expect(read('{'.repeat(100_000))).toMatchObject({ ok: false })
  })

  it('is repeated in short: what was asked may have filled the prompt', async () => {
    await using model = await withModel((_body, call) =>
      call === 1 ? `{"n":"${'x'.repeat(90_000)}"}` : '{"n":7}',
    )
    await ask(model.llm, 'test', request, read)
    const [, answer] = model.server.bodies[1]?.messages ?? []
    expect(answer?.content).toMatch(/^{"n":"x+\n\[…\]\nx+"}$/)
    expect(answer?.content.length).toBeLessThan(2100)
  })

  it('is given up after a fixed number of times, with the raw answers kept', async () => {
    await using model = await withModel('TERMINATE')
    await expect(ask(model.llm, 'test', request, read)).rejects.toMatchObject({
      code: 'T2_MODEL_ANSWER',
    })
    expect(model.server.bodies).toHaveLength(3)
    const { rows } = await store.sql('SELECT status, error, response FROM v_llm_call ORDER BY ALL')
    const kept = expect.stringContaining('TERMINATE')
    expect(rows).toEqual([
      ['failed', 'it is not a JSON object', kept],
      ['failed', 'it is not a JSON object', kept],
      ['failed', 'it is not a JSON object', kept],
    ])
    // Started again, it asks the model: what it said before would lead to the same.
    await expect(ask(model.llm, 'test', request, read)).rejects.toMatchObject({
      code: 'T2_MODEL_ANSWER',
    })
    expect(model.server.bodies).toHaveLength(6)
  })

  it('includes one that was cut off', async () => {
    await using model = await withModel({ text: '{"n":1}', finishReason: 'length' })
    await expect(ask(model.llm, 'test', request, read, 0)).rejects.toMatchObject({
      code: 'T2_MODEL_CUT_OFF',
      message: expect.stringContaining('cut off'),
    })
  })
})
