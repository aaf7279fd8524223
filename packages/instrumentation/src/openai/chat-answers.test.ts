import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { configureContent, instrumentOpenAI } from '../index.ts'
import { drain, saidIn } from '../testing/model-calls.ts'
import { completion, completionChunks, startModelServer } from '../testing/model-server.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
let client: OpenAI
beforeAll(async () => {
  server = await startModelServer()
  client = instrumentOpenAI(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 }))
})
afterEach(() => {
  configureContent({ mask: undefined })
  recorded.reset()
})
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const messages = [{ role: 'user' as const, content: 'Well?' }]
const bytes = Buffer.from('a sound, as bytes').toString('base64')
const image = `data:image/png;base64,${bytes}`

function said() {
  const found = saidIn(recorded.spans(), 'openai.chat')
  expect(found.whole).not.toContain(bytes)
  return found
}

const text = { type: 'text', content: 'Yes.' }
const thought = { type: 'reasoning', content: 'Let me see.' }
const picture = (mimeType?: string) => ({
  type: 'blob',
  modality: 'image',
  ...(mimeType && { mime_type: mimeType }),
  byte_count: 17,
  fingerprint: expect.any(String),
})
const sound = { type: 'blob', modality: 'audio', byte_count: 17 }
const find = { name: 'find', arguments: '{"city":"Paris"}' }
const found = { type: 'tool_call', name: 'find', arguments: { city: 'Paris' } }
const calls = '"name":"find","arguments":{"city":"Paris"}'

/** Each kind of answer, in whole and in pieces. */
const answers: [
  name: string,
  message: object | null,
  deltas: object[],
  output: string,
  parts: object[],
][] = [
  [
    'text',
    { content: 'Yes.' },
    [{ content: 'Ye' }, { content: null }, { content: 's.' }],
    'Yes.',
    [text],
  ],
  [
    'parts',
    {
      content: [
        { type: 'text', text: 'Yes' },
        { type: 'image_url', image_url: image },
        { type: 'text', text: '.' },
      ],
    },
    [
      { content: [{ type: 'text', text: 'Y' }] },
      {
        content: [
          { type: 'text', text: 'es' },
          { type: 'image_url', image_url: image },
        ],
      },
      { content: [{ type: 'text', text: '.' }] },
    ],
    'Yes.',
    [{ type: 'text', content: 'Yes' }, picture('image/png'), { type: 'text', content: '.' }],
  ],
  ['nothing', { content: null }, [{ role: 'assistant' }], '', []],
  [
    'a refusal',
    { content: null, refusal: 'No.' },
    [{ refusal: 'N' }, { refusal: 'o.' }],
    '{"refusal":"No."}',
    [{ type: 'refusal', content: 'No.' }],
  ],
  [
    'reasoning_content',
    { content: 'Yes.', reasoning_content: 'Let me see.' },
    [{ reasoning_content: 'Let me ' }, { reasoning_content: 'see.' }, { content: 'Yes.' }],
    'Yes.',
    [thought, text],
  ],
  [
    'reasoning',
    { content: 'Yes.', reasoning: 'Let me see.' },
    [{ reasoning: 'Let me ', content: '' }, { reasoning: 'see.' }, { content: 'Yes.' }],
    'Yes.',
    [thought, text],
  ],
  [
    'reasoning_details',
    { content: 'Yes.', reasoning_details: [{ type: 'reasoning.text', text: 'Let me see.' }] },
    [
      { reasoning_details: [{ type: 'reasoning.text', text: 'Let me ' }] },
      { reasoning_details: [{ type: 'reasoning.text', text: 'see.' }] },
      { content: 'Yes.' },
    ],
    'Yes.',
    [thought, text],
  ],
  [
    'thinking among the parts',
    {
      content: [
        { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }] },
        { type: 'text', text: 'Yes.' },
      ],
    },
    [
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Let me ' }] }] },
      { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'see.' }] }] },
      { content: 'Yes.' },
    ],
    'Yes.',
    [thought, text],
  ],
  [
    'speech',
    { content: null, audio: { id: 'a', transcript: 'Yes.', data: bytes } },
    [{ audio: { id: 'a', transcript: 'Ye' } }, { audio: { transcript: 's.', data: bytes } }],
    'Yes.',
    [text, expect.objectContaining(sound)],
  ],
  [
    'images',
    { content: 'Yes.', images: [{ type: 'image_url', image_url: { url: image } }] },
    [{ content: 'Yes.' }, { images: [{ type: 'image_url', image_url: { url: image } }] }],
    'Yes.',
    [text, picture('image/png')],
  ],
  [
    'a tool call',
    { content: null, tool_calls: [{ id: 'c', type: 'function', function: find }] },
    [
      { tool_calls: [{ index: 0, id: 'c', function: { name: 'find', arguments: '{"city"' } }] },
      { tool_calls: [{ index: 0, id: 'c', function: { arguments: ':"Paris"}' } }] },
    ],
    `{"tool_calls":[{"id":"c",${calls}}]}`,
    [{ ...found, id: 'c' }],
  ],
  [
    'a tool call without an id',
    { content: null, tool_calls: [{ function: find }] },
    [{ tool_calls: [{ function: find }] }],
    `{"tool_calls":[{${calls}}]}`,
    [found],
  ],
  [
    'whole calls without an index',
    {
      tool_calls: [
        { id: 'c', function: find },
        { id: 'd', function: find },
      ],
    },
    [{ tool_calls: [{ id: 'c', function: find }] }, { tool_calls: [{ id: 'd', function: find }] }],
    `{"tool_calls":[{"id":"c",${calls}},{"id":"d",${calls}}]}`,
    [
      { ...found, id: 'c' },
      { ...found, id: 'd' },
    ],
  ],
  [
    'calls that share an index',
    {
      tool_calls: [
        { id: 'c', function: find },
        { id: 'd', function: find },
      ],
    },
    [
      { tool_calls: [{ index: 0, id: 'c', function: find }] },
      { tool_calls: [{ index: 0, id: 'd', function: find }] },
    ],
    `{"tool_calls":[{"id":"c",${calls}},{"id":"d",${calls}}]}`,
    [
      { ...found, id: 'c' },
      { ...found, id: 'd' },
    ],
  ],
  [
    'the first form of a call',
    { content: null, function_call: find },
    [
      { function_call: { name: 'find', arguments: '' } },
      { function_call: { arguments: '{"city":"Paris"}' } },
    ],
    `{"tool_calls":[{${calls}}]}`,
    [found],
  ],
  [
    'a custom tool',
    { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'run', input: 'ls -l' } }] },
    [
      {
        tool_calls: [{ index: 0, id: 'c', type: 'custom', custom: { name: 'run', input: 'ls ' } }],
      },
      { tool_calls: [{ index: 0, custom: { input: '-l' } }] },
    ],
    '{"tool_calls":[{"id":"c","name":"run","arguments":"ls -l"}]}',
    [{ type: 'tool_call', id: 'c', name: 'run', arguments: 'ls -l' }],
  ],
]

test.each(answers)('an answer of a chat: %s', async (_name, message, deltas, output, parts) => {
  server.reply(completion(message ?? {}))
  await client.chat.completions.create({ model: 'm', messages })
  expect(said()).toMatchObject({ output, parts })
  recorded.reset()
  // Azure begins with a chunk that has no choices.
  const first = { id: 'c', choices: [], prompt_filter_results: [] }
  server.reply({ events: [first, ...completionChunks(deltas)] })
  await drain(await client.chat.completions.create({ model: 'm', messages, stream: true }))
  expect(said()).toMatchObject({
    output,
    parts,
    attributes: { 'gen_ai.usage.output_tokens': 8, 'gen_ai.response.finish_reasons': ['stop'] },
  })
})

test('several choices are several messages', async () => {
  const choice = (index: number, message: object) => ({ index, message, finish_reason: 'stop' })
  server.reply({
    json: { choices: [choice(0, { content: 'Yes.' }), choice(1, { refusal: 'No.' })] },
  })
  await client.chat.completions.create({ model: 'm', messages, n: 2 })
  const { attributes } = spanOf(recorded.spans(), 'openai.chat')
  expect(attributes['output.value']).toBe('["Yes.",{"refusal":"No."}]')
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    { role: 'assistant', parts: [text], finish_reason: 'stop' },
    { role: 'assistant', parts: [{ type: 'refusal', content: 'No.' }], finish_reason: 'stop' },
  ])
})

const json = { 'content-type': 'application/json' }

/** Answers that are none: what they come to, and what the span says went wrong. */
test.each<[name: string, reply: object, output: string | undefined, wrong: string | undefined]>([
  ['no choices', { json: { choices: [] } }, undefined, undefined],
  ['no message', { json: { choices: [{ index: 0, message: null }], usage: null } }, '', undefined],
  [
    'usage in part',
    { json: { choices: [{ message: { content: 'Yes.' } }], usage: { prompt_tokens: 1 } } },
    'Yes.',
    undefined,
  ],
  [
    'an error with a status that is none',
    { json: { error: { message: 'no credits', code: 402 } } },
    undefined,
    'no credits',
  ],
  ['an error as a text', { json: { error: 'no model' } }, undefined, 'no model'],
  [
    'an error as an object',
    { json: { object: 'error', message: 'too long' } },
    undefined,
    'too long',
  ],
  [
    'an error of a choice',
    { json: { choices: [{ message: { content: 'Ye' }, error: { message: 'cut' } }] } },
    'Ye',
    'cut',
  ],
  [
    'a page',
    { text: '<html>login</html>', headers: { 'content-type': 'text/html' } },
    undefined,
    'The answer is no JSON: <html>login</html>',
  ],
  [
    'a page that says it is JSON',
    { text: '<html>', headers: json },
    undefined,
    expect.stringContaining('JSON'),
  ],
  [
    'JSON that ends too soon',
    { text: '{"choices":[{"mess', headers: json },
    undefined,
    expect.stringContaining('JSON'),
  ],
  ['nothing of the kind', { json: { hello: 'world' } }, undefined, undefined],
])('an odd answer: %s', async (_name, reply, output, wrong) => {
  const plain = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
  server.reply(reply, reply)
  const ask = (asked: OpenAI) =>
    asked.chat.completions.create({ model: 'm', messages }).catch((error: Error) => error.message)
  expect(await ask(client)).toEqual(await ask(plain))
  const { attributes, status } = spanOf(recorded.spans(), 'openai.chat')
  expect(attributes['output.value']).toBe(output)
  expect(status.code).toBe(wrong === undefined ? 0 : 2)
  if (wrong !== undefined) expect(status.message).toEqual(wrong)
})

test('the mask sees what was thought, refused and asked of tools', async () => {
  configureContent({
    mask: (value) => JSON.parse(JSON.stringify(value).replaceAll('4111', '****')),
  })
  const call = {
    id: 'c',
    type: 'function',
    function: { name: 'pay', arguments: '{"card":"4111"}' },
  }
  const message = { content: 'It is 4111.', reasoning: '4111?', refusal: 'Not 4111.' }
  server.reply(completion(message), completion({ ...message, tool_calls: [call] }))
  for (const kinds of [
    ['text', 'reasoning', 'refusal'],
    ['text', 'tool_call', 'reasoning', 'refusal'],
  ]) {
    recorded.reset()
    await client.chat.completions.create({ model: 'm', messages })
    const { whole, parts } = said()
    expect(whole).not.toContain('4111')
    expect(parts.map(({ type }: { type: string }) => type)).toEqual(kinds)
  }
})
