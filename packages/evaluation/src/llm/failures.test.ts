import { openStore, type Store } from '@trace2/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatReply, chatServer, completion, streamEvents } from '../testing/chat-server.ts'
import { ask } from './ask.ts'
import { openaiClient } from './client.ts'
import { asJson } from './json-answer.ts'
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
  messages: [{ role: 'user', content: 'Hello' }],
}
const read = asJson((json) => ({ ok: true, value: json }))

async function failing(reply: ChatReply, settings: { readonly timeoutMs?: number } = {}) {
  await using server = await chatServer(() => reply)
  const client = openaiClient({ baseURL: server.url, apiKey: 'secret-key', maxRetries: 1 })
  const llm = createLlm({
    transport: openaiTransport(client, settings),
    store,
    onActivity: () => {},
  })
  const error: unknown = await ask(llm, 'test', request, read).catch((thrown) => thrown)
  if (!(error instanceof Error)) throw new Error('It was answered.')
  return { error, calls: server.bodies.length, spent: llm.spent }
}

const events = { 'content-type': 'text/event-stream' }
const page =
  '<!doctype html><html><head><style>a{}</style></head><body><h1>Log in</h1></body></html>'

const kinds: readonly (readonly [
  what: string,
  reply: ChatReply,
  code: string,
  words: string,
  calls: number,
])[] = [
  [
    'a page where an answer should be',
    { raw: page, headers: { 'content-type': 'text/html' } },
    'T2_MODEL_PAGE',
    'Log in',
    1,
  ],
  ['a page with status 404', { status: 404, raw: page }, 'T2_MODEL_PAGE', 'Log in', 1],
  [
    'a page that says that the request is too large',
    { status: 413, raw: '<html><h1>413 Request Entity Too Large</h1></html>' },
    'T2_MODEL_CONTEXT',
    'Too Large',
    1,
  ],
  [
    'the range of an input',
    { status: 400, message: 'Range of input length should be [1, 30720]' },
    'T2_MODEL_CONTEXT',
    '30720',
    1,
  ],
  [
    'a country that is not served',
    { status: 403, message: 'Country, region, or territory not supported' },
    'T2_MODEL_CALL',
    'territory not supported',
    1,
  ],
  [
    'a compressed answer that is none',
    { raw: 'hello there', headers: { 'content-encoding': 'gzip' } },
    'T2_MODEL_PAGE',
    'incorrect header check',
    1,
  ],
  [
    'a path that is none',
    { status: 404, raw: '404 page not found' },
    'T2_MODEL_PAGE',
    '404 page not found',
    1,
  ],
  [
    'a page of a gateway that failed',
    { status: 502, headers: { 'retry-after-ms': '1' }, raw: '<html><h1>Bad gateway</h1></html>' },
    'T2_MODEL_CALL',
    'Bad gateway',
    2,
  ],
  ['a text that is no JSON', { raw: 'hello there' }, 'T2_MODEL_PAGE', 'hello there', 1],
  [
    'an error in an answer',
    { raw: { error: { message: 'Insufficient credits: top up', code: 402 } } },
    'T2_MODEL_QUOTA',
    'Insufficient credits',
    1,
  ],
  [
    'an error of another kind in one',
    { raw: { error: { message: 'Provider returned error', code: 400 } } },
    'T2_MODEL_CALL',
    'Provider returned error',
    1,
  ],
  [
    'an error that is passed on in an answer',
    {
      raw: {
        error: {
          message: 'Provider returned error',
          code: 400,
          metadata: { raw: '{"error":{"message":"maximum context length is 4096"}}' },
        },
      },
    },
    'T2_MODEL_CONTEXT',
    'maximum context length is 4096',
    1,
  ],
  [
    'a flat error in an answer',
    {
      raw: { object: 'error', message: 'The model `m` does not exist.', code: 404 },
    },
    'T2_MODEL_UNKNOWN',
    'does not exist',
    1,
  ],
  [
    'a flat error in a stream',
    {
      headers: events,
      raw: 'data: {"object":"error","message":"The model `m` does not exist.","code":404}\n\n',
    },
    'T2_MODEL_UNKNOWN',
    'does not exist',
    1,
  ],
  [
    'the detail of an error in an answer',
    { raw: { detail: [{ loc: ['body'], msg: 'maximum context length is 4096' }] } },
    'T2_MODEL_CONTEXT',
    'maximum context length is 4096',
    1,
  ],
  [
    'an error in a choice',
    { raw: { choices: [{ error: { message: 'Too many requests', code: 429 }, message: null }] } },
    'T2_MODEL_RATE',
    'Too many requests',
    2,
  ],
  [
    'an error in a stream',
    { headers: events, raw: 'data: {"error":{"message":"out of credits","code":402}}\n\n' },
    'T2_MODEL_QUOTA',
    'out of credits',
    1,
  ],
  [
    'no choice',
    { raw: { id: 'x', choices: [], usage: null } },
    'T2_MODEL_NO_CHOICE',
    '"choices":[]',
    1,
  ],
  ['a message that is null', { raw: completion(null) }, 'T2_MODEL_NO_CHOICE', '"message":null', 1],
  ['nothing at all', { raw: '' }, 'T2_MODEL_NO_CHOICE', 'an empty answer (HTTP 200)', 1],
  ['white space', { raw: ' \n' }, 'T2_MODEL_NO_CHOICE', 'an empty answer (HTTP 200)', 1],
  [
    'nothing from a gateway that failed',
    { status: 502, raw: '', headers: { 'retry-after-ms': '1' } },
    'T2_MODEL_CALL',
    'failed: an empty answer (HTTP 502).',
    2,
  ],
  [
    'nothing where a key is not taken',
    { status: 401, raw: '' },
    'T2_MODEL_KEY',
    'does not take the key: an empty answer (HTTP 401).',
    1,
  ],
  [
    'an error without words',
    { raw: { error: { code: 402 } } },
    'T2_MODEL_QUOTA',
    '{"code":402}',
    1,
  ],
  [
    'a stream with a line that is no JSON',
    { headers: events, raw: `data: garb\u001b[31mage\n\n${streamEvents(['{}']).join('')}` },
    'T2_MODEL_STREAM',
    'garb\\u001b[31mage',
    // Once more without a stream.
    2,
  ],
  [
    'a stream of something else',
    { headers: events, raw: 'event: ping\ndata: {"ok":true}\n\n' },
    'T2_MODEL_STREAM',
    'No answer is in it',
    2,
  ],
  [
    'a stream that ends in the middle of a line',
    { headers: events, raw: `${streamEvents(['{"a":'])[0]}data: {"choi` },
    'T2_MODEL_DROPPED',
    'middle of an answer',
    2,
  ],
  [
    'a stream of nothing',
    { headers: events, raw: 'data: [DONE]\n\n' },
    'T2_MODEL_NO_CHOICE',
    'choices',
    1,
  ],
  [
    'a refusal',
    { raw: completion({ content: null, refusal: 'I cannot help with that.' }) },
    'T2_MODEL_REFUSED',
    'I cannot help with that.',
    1,
  ],
  [
    'a refusal as a part',
    { raw: completion({ content: [{ type: 'refusal', refusal: 'Not this.' }] }) },
    'T2_MODEL_REFUSED',
    'Not this.',
    1,
  ],
  [
    'a content filter',
    { raw: completion({ content: '' }, { finishReason: 'content_filter' }) },
    'T2_MODEL_FILTERED',
    'content filter',
    1,
  ],
  [
    'a filter that stopped the prompt',
    {
      status: 400,
      raw: {
        error: {
          message: 'The prompt triggered the content management policy.',
          code: 'content_filter',
        },
      },
    },
    'T2_MODEL_FILTERED',
    'management policy',
    1,
  ],
  ['an empty answer', { raw: completion({ content: '' }) }, 'T2_MODEL_EMPTY', 'empty', 3],
  [
    'an answer that is cut off',
    { text: '{"a":', finishReason: 'length' },
    'T2_MODEL_CUT_OFF',
    'cut off',
    3,
  ],
  ['a connection that breaks at once', { raw: '', after: 'drop' }, 'T2_MODEL_DROPPED', '', 2],
  ['one that breaks in the middle', { raw: '{"id":', after: 'drop' }, 'T2_MODEL_DROPPED', '', 2],
  ['JSON that ends in the middle', { raw: '{"id":"x","choi' }, 'T2_MODEL_DROPPED', 'middle', 2],
  [
    'a stream that breaks',
    { headers: events, raw: streamEvents(['{"a":', '1}']).slice(0, 1).join(''), after: 'drop' },
    'T2_MODEL_DROPPED',
    '',
    2,
  ],
  [
    'a stream that ends in the middle',
    { headers: events, raw: streamEvents(['{"a":', '1}']).slice(0, 2).join('') },
    'T2_MODEL_DROPPED',
    'middle',
    2,
  ],
  [
    'a limit on calls, with its time',
    { status: 429, headers: { 'retry-after': '90' }, raw: { error: { message: 'slow down' } } },
    'T2_MODEL_RATE',
    'again in 90 seconds, at ',
    1,
  ],
  [
    'a limit on calls',
    { status: 429, headers: { 'retry-after': '0' }, raw: { error: { message: 'slow down' } } },
    'T2_MODEL_RATE',
    'slow down',
    2,
  ],
  [
    'a request that no minute holds',
    {
      status: 429,
      raw: {
        error: {
          message: 'Request too large on tokens per min (TPM): Limit 30000, Requested 40000',
          code: 'rate_limit_exceeded',
        },
      },
    },
    'T2_MODEL_RATE',
    'TPM',
    1,
  ],
  [
    'an endpoint that fails',
    { status: 500, headers: { 'retry-after-ms': '1' }, raw: { error: { message: 'boom' } } },
    'T2_MODEL_CALL',
    'boom',
    2,
  ],
]

describe('a failure', () => {
  it.each(kinds)(
    'that is %s has its code and quotes the words',
    async (_what, reply, code, words, calls) => {
      const { error, calls: made } = await failing(reply)
      expect(error).toMatchObject({ code })
      expect(error.message.replaceAll('\\"', '"')).toContain(words)
      expect(made).toBe(calls)
    },
  )

  it.each([
    { raw: '', after: 'silent' },
    { raw: '{"id":"x","choices":[', after: 'silent' },
    { headers: events, raw: streamEvents(['{']).slice(0, 1).join(''), after: 'silent' },
  ] as const)('that is silence says for how long, and is not asked again: %j', async (reply) => {
    const { error, calls, spent } = await failing(reply, { timeoutMs: 300 })
    expect(error).toMatchObject({
      code: 'T2_MODEL_TIMEOUT',
      message: expect.stringContaining('1 second'),
    })
    expect(calls).toBe(1)
    // The endpoint has read the prompt, and will want to be paid for it.
    expect(spent.inputTokens).toBeGreaterThan(0)
    expect(spent.estimated).toBe(true)
  })

  it('that is an address where nobody listens is found at once', async () => {
    const client = openaiClient({ baseURL: 'http://127.0.0.1:9/v1', apiKey: 'none' })
    const llm = createLlm({ transport: openaiTransport(client), store })
    await expect(llm.call('test', request)).rejects.toMatchObject({
      code: 'T2_MODEL_UNREACHABLE',
      message: expect.stringContaining('http://127.0.0.1:9/v1'),
    })
  })

  it('is quoted in short, printable, and without keys', async () => {
    const said = `\u001b[31mBad key sk-abcdef1234567890\u0000 ${'x'.repeat(500)}`
    const { error } = await failing({ status: 401, raw: { error: { message: said } } })
    expect(error.message).toContain('\\u001b[31mBad key sk-…\\u0000')
    expect(error.message).not.toMatch(/\p{Cc}|abcdef|x{300}/u)
  })
})
