import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatBody, type ChatReply, chatServer } from '../testing/chat-server.ts'
import { answer, openai, personalities, refuse } from '../testing/personalities.ts'
import { openaiClient } from './client.ts'
import { createLlm } from './llm.ts'
import { openaiTransport } from './openai.ts'
import type { ChatRequest } from './request.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

const request: ChatRequest = {
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'Judge.' },
    { role: 'user', content: 'Hello' },
  ],
  schema: {
    name: 'verdict',
    schema: {
      type: 'object',
      properties: { score: { type: 'number' } },
      required: ['score'],
      additionalProperties: false,
    },
  },
  temperature: 0.2,
  sample: 1,
}

function taken(body: ChatBody | undefined): Record<string, unknown> {
  const absent = { temperature: undefined, seed: undefined, stream: undefined }
  return {
    ...absent,
    max_tokens: undefined,
    max_completion_tokens: undefined,
    ...body,
    format: body?.response_format?.type,
    strict: body?.response_format?.json_schema?.strict,
    guided: body?.response_format?.schema !== undefined,
    usage: body?.stream_options,
    roles: body?.messages.map(({ role }) => role).join(' '),
  }
}

describe.each(personalities)('$name', ({ reply, calls, takes }) => {
  it('answers, and is asked in the right form at once from then on', async () => {
    await using server = await chatServer(reply)
    const client = openaiClient({ baseURL: server.url, apiKey: 'none' })
    const ask = async (sample: number) => {
      const llm = createLlm({
        transport: openaiTransport(client),
        store,
        onActivity: () => {},
        maxAnswerTokens: 900,
      })
      return (await llm.call('test', { ...request, sample })).text
    }
    expect(await ask(1)).toBe(answer)
    expect(server.bodies).toHaveLength(calls)
    expect(taken(server.bodies.at(-1))).toMatchObject(takes)
    expect(await ask(1)).toBe(answer)
    expect(await ask(2)).toBe(answer)
    expect(server.bodies.length).toBeLessThanOrEqual(
      calls + (takes.max_completion_tokens === 500 ? 2 : 1),
    )
  })
})

const never: readonly (readonly [what: string, reply: ChatReply, code: string])[] = [
  [
    'a context that overflows',
    openai(
      400,
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
      'messages',
      'context_length_exceeded',
    ),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one of llama-cpp-python',
    openai(
      400,
      'Requested tokens (2311) exceed context window of 2048',
      'messages',
      'context_length_exceeded',
    ),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one of llama.cpp',
    refuse(400, {
      error: {
        code: 400,
        message: 'the request exceeds the available context size. try increasing the context size',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 9000,
        n_ctx: 4096,
      },
    }),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one of Mistral',
    refuse(400, {
      object: 'error',
      message:
        'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
      code: 3051,
    }),
    'T2_MODEL_CONTEXT',
  ],
  [
    'a prompt that is too long, as status 500',
    openai(500, 'prompt is too long: 210000 tokens > 200000 maximum', null),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one of TGI',
    openai(
      422,
      'Input validation error: `inputs` must have less than 4096 tokens. Given: 9000',
      null,
    ),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one of TGI with the answer in it',
    openai(
      422,
      '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000 `inputs` tokens and 1024 `max_new_tokens`',
      null,
    ),
    'T2_MODEL_CONTEXT',
  ],
  [
    'one that a router passes on',
    refuse(400, {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: JSON.stringify([{ error: { message: 'prompt is too long' } }]) },
      },
    }),
    'T2_MODEL_CONTEXT',
  ],
  [
    'what moderation stopped',
    refuse(403, {
      error: {
        message: 'Your input was flagged for "violence". No credits were charged.',
        code: 403,
        metadata: { reasons: ['violence'] },
      },
    }),
    'T2_MODEL_FILTERED',
  ],
  [
    'a prompt that may break a policy',
    openai(
      400,
      'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
      null,
      'invalid_prompt',
    ),
    'T2_MODEL_FILTERED',
  ],
  [
    'an account that was flagged',
    refuse(403, { error: { message: 'Your account was flagged for review.' } }),
    'T2_MODEL_KEY',
  ],
  [
    'an unknown model',
    openai(
      404,
      'The model `m` does not exist or you do not have access to it.',
      null,
      'model_not_found',
    ),
    'T2_MODEL_UNKNOWN',
  ],
  [
    'one of Ollama',
    refuse(404, { error: 'model "m" not found, try pulling it first' }),
    'T2_MODEL_UNKNOWN',
  ],
  [
    'one of a server without models',
    refuse(400, { error: { message: 'No models loaded. Please load a model first.' } }),
    'T2_MODEL_UNKNOWN',
  ],
  ['a missing key', openai(401, "You didn't provide an API key.", null), 'T2_MODEL_KEY'],
  [
    'a wrong key, as status 400',
    refuse(400, [
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
        },
      },
    ]),
    'T2_MODEL_KEY',
  ],
  [
    'an exhausted quota',
    openai(
      429,
      'You exceeded your current quota, please check your plan and billing details.',
      null,
      'insufficient_quota',
    ),
    'T2_MODEL_QUOTA',
  ],
  [
    'credits that are gone',
    refuse(402, { error: { message: 'Insufficient credits', code: 402 } }),
    'T2_MODEL_QUOTA',
  ],
  [
    'an account that is empty, as status 400',
    openai(400, 'Your credit balance is too low to access the API.', null),
    'T2_MODEL_QUOTA',
  ],
]

it.each(never)('%s is never asked for in another form', async (_what, reply, code) => {
  await using server = await chatServer(() => reply)
  const client = openaiClient({ baseURL: server.url, apiKey: 'none' })
  const llm = createLlm({ transport: openaiTransport(client), store, onActivity: () => {} })
  await expect(llm.call('test', request)).rejects.toMatchObject({ code })
  expect(server.bodies).toHaveLength(1)
})
