import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chatServer } from '../testing/chat-server.ts'
import { openaiClient } from './client.ts'
import { contextIn } from './context.ts'
import { modelLimits } from './limits.ts'
import { openaiTransport } from './openai.ts'
import { longestTimeoutMs, timeoutOf } from './settings.ts'

afterEach(() => vi.unstubAllEnvs())

const lists: readonly (readonly [server: string, list: unknown, tokens: number | undefined])[] = [
  ['vLLM', { data: [{ id: 'm', max_model_len: 8192 }] }, 8192],
  [
    'OpenRouter',
    {
      data: [
        { id: 'other', context_length: 1 },
        { id: 'm', context_length: 131072 },
      ],
    },
    131072,
  ],
  ['Groq', { data: [{ id: 'm', context_window: 32768 }] }, 32768],
  ['Mistral', { data: [{ id: 'm', max_context_length: 32000 }] }, 32000],
  ['llama.cpp', { data: [{ id: 'other.gguf', meta: { n_ctx_train: 2048 } }] }, 2048],
  [
    'llama.cpp, with what is loaded',
    { data: [{ id: 'm', meta: { n_ctx: 1024, n_ctx_train: 8192 } }] },
    1024,
  ],
  [
    'LM Studio',
    { data: [{ id: 'm', max_context_length: 32768, loaded_context_length: 4096 }] },
    4096,
  ],
  ['a list without a frame', [{ id: 'm', context_length: '4096' }], 4096],
  ['Google', { models: [{ name: 'models/m', inputTokenLimit: 30720 }] }, 30720],
  [
    'another model among several',
    {
      data: [
        { id: 'a', n_ctx: 512 },
        { id: 'b', n_ctx: 512 },
      ],
    },
    undefined,
  ],
  [
    'nonsense',
    { data: [{ id: 'm', context_length: -1, n_ctx: 'many', max_model_len: 1e300 }] },
    undefined,
  ],
  ['no list', { error: 'not here' }, undefined],
]

describe('the context of a model', () => {
  it.each(lists)('is read from the list of %s', (_server, list, tokens) => {
    expect(contextIn(list, 'm')).toBe(tokens)
  })

  it('is never read wrongly from anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (list) => {
        const tokens = contextIn(list, 'm')
        expect(tokens === undefined || tokens >= 256).toBe(true)
      }),
    )
  })

  it('is asked for once, where neither the name nor whoever calls says it', async () => {
    await using server = await chatServer(() => '{}', { data: [{ id: 'm', max_model_len: 2048 }] })
    const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
    expect(await modelLimits('m', { contextTokens: 900 }, transport)).toMatchObject({
      contextTokens: 900,
    })
    expect(await modelLimits('gpt-4o-mini', {}, transport)).toMatchObject({
      contextTokens: 128_000,
    })
    expect(server.listed()).toBe(0)
    for (let times = 0; times < 3; times++) {
      const limits = await modelLimits('m', {}, transport)
      expect(limits).toMatchObject({ contextTokens: 2048, source: 'told', answerTokens: 512 })
    }
    expect(server.listed()).toBe(1)
  })

  it('is not asked for where somebody limits the prompt', async () => {
    await using server = await chatServer(() => '{}', { data: [{ id: 'm', max_model_len: 2048 }] })
    const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
    const small = await modelLimits('m', { promptTokens: 1100 }, transport)
    expect(small).toMatchObject({ promptTokens: 1100, answerTokens: 1024, source: 'assumed' })
    const large = await modelLimits('m', { promptTokens: 30_000 }, transport)
    expect(large).toMatchObject({ promptTokens: 30_000, answerTokens: 8192 })
    expect(server.listed()).toBe(0)
  })

  it.each([undefined, '<html></html>', '{"data":'])(
    'is taken as small where the list is %j',
    async (list) => {
      await using server = await chatServer(() => '{}', list)
      const transport = openaiTransport(openaiClient({ baseURL: server.url, apiKey: 'none' }))
      const limits = await modelLimits('m', {}, transport)
      expect(limits).toMatchObject({ contextTokens: 4096, source: 'assumed', answerTokens: 1024 })
    },
  )
})

describe('limits', () => {
  it('leave room for prompt, answer and another question in any context', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 256, max: 1e6 }), async (contextTokens) => {
        const { promptTokens, answerTokens } = await modelLimits('m', { contextTokens })
        expect(promptTokens).toBeGreaterThan(0)
        expect(answerTokens).toBeGreaterThan(0)
        expect(promptTokens + answerTokens).toBeLessThan(contextTokens)
      }),
    )
  })

  it.each([
    [5000, 4096],
    [4096, 4096],
    [3800, 4096],
    [200, 256],
  ])('are refused where an answer of %d tokens leaves no prompt in %d', async (answer, context) => {
    const given = { maxAnswerTokens: answer, contextTokens: context }
    for (const promptTokens of [undefined, 500]) {
      await expect(modelLimits('m', { ...given, promptTokens })).rejects.toMatchObject({
        code: 'T2_MODEL_SETTING',
        message: expect.stringContaining('Lower --max-answer-tokens'),
      })
    }
    await expect(modelLimits('m', { ...given, maxAnswerTokens: context / 4 })).resolves.toBeTruthy()
  })

  it('take a model that nothing is known of for one that has room for the answer asked for', async () => {
    const { promptTokens } = await modelLimits('m', { maxAnswerTokens: 5000, promptTokens: 900 })
    expect(promptTokens).toBe(900)
  })

  it('are those asked for, within a context that is given', async () => {
    const given = { maxAnswerTokens: 300, promptTokens: 9000 }
    expect(await modelLimits('gpt-4', given)).toMatchObject({
      promptTokens: 9000,
      answerTokens: 300,
    })
    const { promptTokens } = await modelLimits('gpt-4', { ...given, contextTokens: 2000 })
    expect(promptTokens).toBeLessThan(1700)
  })

  it.each([0, -5, Number.NaN, 1.5, Number.POSITIVE_INFINITY])(
    'are refused where they are %d',
    async (tokens) => {
      const refused = { code: 'T2_MODEL_SETTING' }
      await expect(modelLimits('m', { maxAnswerTokens: tokens })).rejects.toMatchObject(refused)
      await expect(modelLimits('m', { contextTokens: tokens })).rejects.toMatchObject(refused)
    },
  )

  it('of time are what a timer can keep', () => {
    expect(timeoutOf({ timeoutMs: 9_999_999_000 })).toBe(longestTimeoutMs)
    expect(timeoutOf({ timeoutMs: Number.POSITIVE_INFINITY })).toBe(longestTimeoutMs)
    for (const timeoutMs of [0, -1, Number.NaN]) {
      expect(() => timeoutOf({ timeoutMs })).toThrow(
        expect.objectContaining({ code: 'T2_MODEL_SETTING' }),
      )
    }
  })

  it.each([
    ['what was given', { maxAnswerTokens: 300 }, undefined, undefined, 300],
    ['the environment', {}, '200', undefined, 200],
    ['what was given rather than the environment', { maxAnswerTokens: 300 }, '200', undefined, 300],
    ['the request before all', { maxAnswerTokens: 300 }, '200', 50, 50],
    ['nothing where nobody says it', {}, undefined, undefined, undefined],
  ])('of an answer are kept to by a transport: %s', async (_by, settings, variable, own, sent) => {
    vi.stubEnv('TRACE2_MAX_ANSWER_TOKENS', variable)
    await using server = await chatServer(() => 'Hello')
    const client = openaiClient({ baseURL: server.url, apiKey: 'none' })
    await openaiTransport(
      client,
      settings,
    )({
      model: 'm',
      messages: [{ role: 'user', content: 'Hello' }],
      ...(own === undefined ? {} : { maxOutputTokens: own }),
    })
    expect(server.bodies[0]?.max_tokens).toBe(sent)
  })

  it('come from the environment where nobody gives them', async () => {
    vi.stubEnv('TRACE2_CONTEXT', '2048')
    vi.stubEnv('TRACE2_MAX_ANSWER_TOKENS', '200')
    expect(await modelLimits('m', {})).toMatchObject({
      contextTokens: 2048,
      answerTokens: 200,
      source: 'given',
    })
    expect(await modelLimits('m', { contextTokens: 4096 })).toMatchObject({ contextTokens: 4096 })
    vi.stubEnv('TRACE2_TIMEOUT', 'soon')
    expect(() => openaiClient({ baseURL: 'http://127.0.0.1:9' })).toThrow(
      expect.objectContaining({ code: 'T2_MODEL_SETTING' }),
    )
  })
})
