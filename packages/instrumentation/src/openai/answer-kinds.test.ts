import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { instrumentOpenAI } from '../index.ts'
import {
  completion,
  completionChunks,
  outputText,
  response,
  startModelServer,
} from '../testing/model-server.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

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

const messages = [{ role: 'user' as const, content: 'Well?' }]
const bytes = Buffer.from('a sound, as bytes').toString('base64')
const image = `data:image/png;base64,${bytes}`

function said(operator: string) {
  const { attributes, status } = spanOf(recorded.spans(), operator)
  const written = attributes['gen_ai.output.messages']
  const [message] = written === undefined ? [undefined] : JSON.parse(String(written))
  expect(JSON.stringify(attributes)).not.toContain(bytes)
  return { output: attributes['output.value'], parts: message?.parts, status, attributes }
}

async function drain(stream: AsyncIterable<unknown>) {
  for await (const _piece of stream);
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
  expect(said('openai.chat')).toMatchObject({ output, parts })
  recorded.reset()
  // Azure begins with a chunk that has no choices.
  const first = { id: 'c', choices: [], prompt_filter_results: [] }
  server.reply({ events: [first, ...completionChunks(deltas)] })
  await drain(await client.chat.completions.create({ model: 'm', messages, stream: true }))
  expect(said('openai.chat')).toMatchObject({
    output,
    parts,
    attributes: { 'gen_ai.usage.output_tokens': 8, 'gen_ai.response.finish_reasons': ['stop'] },
  })
})

const delta = (type: string, piece: string, rest: object = {}) => ({
  type: `response.${type}.delta`,
  output_index: 0,
  content_index: 0,
  delta: piece,
  ...rest,
})
const item = (type: string, rest: object) => ({ type, ...rest })
const server_tool_call = expect.objectContaining({ id: 'x' })

/** Each kind of item: whole, and the events that it comes in. */
const items: [type: string, whole: object, deltas: object[], output: string, part: object][] = [
  [
    'message',
    outputText('Yes.'),
    [delta('output_text', 'Ye'), delta('output_text', 's.')],
    'Yes.',
    text,
  ],
  [
    'message',
    item('message', { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }),
    [delta('refusal', 'N'), delta('refusal', 'o.')],
    '{"refusal":"No."}',
    { type: 'refusal', content: 'No.' },
  ],
  [
    'message',
    outputText('Yes.'),
    [delta('output_audio_transcript', 'Ye'), delta('output_audio_transcript', 's.')],
    'Yes.',
    text,
  ],
  [
    'reasoning',
    item('reasoning', { summary: [{ type: 'summary_text', text: 'Let me see.' }] }),
    [
      delta('reasoning_summary_text', 'Let me ', { summary_index: 0 }),
      delta('reasoning_summary_text', 'see.', { summary_index: 0 }),
    ],
    '',
    thought,
  ],
  [
    'reasoning',
    item('reasoning', { summary: [], content: [{ type: 'reasoning_text', text: 'Let me see.' }] }),
    [delta('reasoning_text', 'Let me '), delta('reasoning_text', 'see.')],
    '',
    thought,
  ],
  [
    'function_call',
    item('function_call', { call_id: 'c', ...find }),
    [delta('function_call_arguments', '{"city"'), delta('function_call_arguments', ':"Paris"}')],
    `{"tool_calls":[{"id":"c",${calls}}]}`,
    { ...found, id: 'c' },
  ],
  [
    'custom_tool_call',
    item('custom_tool_call', { call_id: 'c', name: 'run', input: 'ls -l' }),
    [delta('custom_tool_call_input', 'ls '), delta('custom_tool_call_input', '-l')],
    '{"tool_calls":[{"id":"c","name":"run","arguments":"ls -l"}]}',
    { type: 'tool_call', id: 'c', name: 'run', arguments: 'ls -l' },
  ],
  [
    'computer_call',
    item('computer_call', { call_id: 'c', action: { type: 'wait' } }),
    [],
    '{"tool_calls":[{"id":"c","name":"computer","arguments":{"type":"wait"}}]}',
    { type: 'tool_call', id: 'c', name: 'computer' },
  ],
  [
    'web_search_call',
    item('web_search_call', { id: 'x', action: { query: 'lamps' } }),
    [],
    '',
    { type: 'server_tool_call', name: 'web_search', server_tool_call },
  ],
  [
    'file_search_call',
    item('file_search_call', { id: 'x', results: [] }),
    [],
    '',
    { type: 'server_tool_call', name: 'file_search', server_tool_call },
  ],
  [
    'code_interpreter_call',
    item('code_interpreter_call', { id: 'x', code: '1 + 1' }),
    [delta('code_interpreter_call_code', '1 + 1')],
    '',
    { type: 'server_tool_call', name: 'code_interpreter', server_tool_call },
  ],
  [
    'mcp_call',
    item('mcp_call', { id: 'x', name: 'ask', arguments: '{}', output: 'ok' }),
    [delta('mcp_call_arguments', '{}')],
    '',
    { type: 'server_tool_call', name: 'ask', server_tool_call },
  ],
  ['hologram', item('hologram', { depth: 3 }), [], '', { type: 'hologram', depth: 3 }],
]

test.each(items)('an item of a response: %s', async (_type, whole, deltas, output, part) => {
  server.reply({ json: response([whole]) })
  await client.responses.create({ model: 'm', input: 'Well?' })
  expect(said('openai.responses')).toMatchObject({ output, parts: [part] })
  const created = { type: 'response.created', response: response([], { status: 'in_progress' }) }
  const done = { type: 'response.output_item.done', output_index: 0, item: whole }
  const completed = { type: 'response.completed', response: response([whole]) }
  const hollow = { type: 'response.completed', response: response([]) }
  const {
    content: _content,
    summary: _summary,
    arguments: _arguments,
    input: _input,
    ...empty
  } = { content: 0, summary: 0, arguments: 0, input: 0, ...whole }
  const added = { type: 'response.output_item.added', output_index: 0, item: empty }
  const streams = [
    [created, added, ...deltas, done, completed],
    [created, added, ...deltas, done, hollow],
    ...(deltas.length > 0 ? [[created, added, ...deltas]] : []),
  ]
  for (const events of streams) {
    recorded.reset()
    server.reply({ events })
    await drain(await client.responses.create({ model: 'm', input: 'Well?', stream: true }))
    expect(said('openai.responses')).toMatchObject({ output, parts: [part] })
  }
})

test('an image that was made is a blob, and the output where there is no word', async () => {
  const made = item('image_generation_call', { id: 'x', result: bytes, output_format: 'webp' })
  server.reply({ json: response([made]) }, { json: response([made, outputText('Here.')]) })
  await client.responses.create({ model: 'm', input: 'Draw a lamp.' })
  const drawn = said('openai.responses')
  expect(drawn.parts).toEqual([picture('image/webp')])
  expect(JSON.parse(String(drawn.output))).toEqual([picture('image/webp')])
  recorded.reset()
  await client.responses.create({ model: 'm', input: 'Draw a lamp.' })
  expect(said('openai.responses')).toMatchObject({
    output: 'Here.',
    parts: [picture('image/webp'), { type: 'text' }],
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
