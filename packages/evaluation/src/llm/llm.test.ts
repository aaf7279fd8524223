import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { jsonRequest, withModel } from '../testing/llm.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'

describe('a model call', () => {
  it('is recorded with its request, answer, tokens and price', async () => {
    await using model = await withModel('{"a":1}')
    const { call } = await model.llm.call('test', jsonRequest)
    expect(await model.store.llmCalls([call.id])).toEqual([call])
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
    await Promise.all([model.llm.call('a', jsonRequest), model.llm.call('b', jsonRequest)])
    const later = createLlm({
      transport: openaiTransport(model.server.client),
      store: model.store,
    })
    expect((await later.call('c', jsonRequest)).cached).toBe(true)
    expect(model.server.bodies).toHaveLength(1)
    expect(later.spent.calls).toBe(0)
    await later.call('d', { ...jsonRequest, sample: 1 })
    expect(model.server.bodies).toHaveLength(2)
  })

  it('is recorded as failed where the endpoint gives no answer, and can be made again', async () => {
    let broken = true
    await using model = await withModel(() => (broken ? { status: 401, message: 'no key' } : '{}'))
    const failure = model.llm.call('test', jsonRequest)
    await expect(failure).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
    const { rows } = await model.store.sql('SELECT status, error FROM v_llm_call')
    expect(rows).toEqual([['failed', expect.stringContaining('no key')]])
    broken = false
    expect((await model.llm.call('test', jsonRequest)).call.status).toBe('done')
  })

  it('is repeated by the client where the endpoint is overloaded', async () => {
    await using model = await withModel((_body, call) =>
      call < 3 ? { status: 429, message: 'slow down' } : '{}',
    )
    await model.llm.call('test', jsonRequest)
    expect(model.server.bodies).toHaveLength(3)
  })

  it('asks for a JSON object, then for text, where the endpoint has no JSON schema', async () => {
    await using model = await withModel(({ response_format }) =>
      response_format ? { status: 400, message: 'unknown response_format' } : '{}',
    )
    await model.llm.call('test', jsonRequest)
    await model.llm.call('test', { ...jsonRequest, sample: 1 })
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
    await using model = await withModel((body) =>
      body.model === 'o3' && body.temperature !== undefined
        ? { status: 400, message: "Unsupported value: 'temperature' does not support 0.2." }
        : '{}',
    )
    for (const name of ['o3', 'o3', 'gpt-4o']) {
      const sample = model.server.bodies.length
      await model.llm.call('test', { ...jsonRequest, model: name, temperature: 0.2, sample })
    }
    expect(model.server.bodies.map(({ model, temperature }) => [model, temperature])).toEqual([
      ['o3', 0.2],
      ['o3', undefined],
      ['o3', undefined],
      ['gpt-4o', 0.2],
    ])
    expect(model.server.bodies.every((body) => body.response_format?.type === 'json_schema')).toBe(
      true,
    )
  })
})

describe('an endpoint that has only the older name of the limit on an answer', () => {
  it('is asked by that from then on', async () => {
    await using model = await withModel((body) =>
      'max_completion_tokens' in body
        ? { status: 422, message: 'extra_forbidden: body.max_completion_tokens' }
        : '{}',
    )
    for (const sample of [0, 1]) await model.llm.call('test', { ...jsonRequest, sample })
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
    const failure = model.llm.call('test', jsonRequest)
    await expect(failure).rejects.toMatchObject({ code: 'T2_MODEL_CALL' })
    await model.llm.call('test', { ...jsonRequest, sample: 1 })
    expect(model.server.bodies.at(-1)?.response_format?.type).toBe('json_schema')
  })
})

describe('an interruption', () => {
  it('is waited for by no more than the calls under way, however many there were', async () => {
    const stop = new AbortController()
    await using model = await withModel('{}', { signal: stop.signal })
    for (let sample = 0; sample < 12; sample++) {
      await model.llm.call('test', { ...jsonRequest, sample })
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
    const calls = [0, 1].map((sample) => model.llm.call('test', { ...jsonRequest, sample }))
    for (const each of await Promise.allSettled(calls)) {
      expect(each).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
    }
    expect(model.server.bodies).toHaveLength(1)
    const { rows } = await model.store.sql('SELECT status FROM v_llm_call')
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
    const calls = [0, 1, 2, 3].map((sample) => model.llm.call('test', { ...jsonRequest, sample }))
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
    const { rows } = await model.store.sql('SELECT status FROM v_llm_call')
    expect(rows).toEqual([['done'], ['done']])
  })
})
