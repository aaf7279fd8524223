import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bundle, instrumentOpenAI, run } from '../index.ts'
import { drain, saidIn } from '../testing/model-calls.ts'
import { outputText, response, startModelServer } from '../testing/model-server.ts'
import { edgesOf, recordSpans } from '../testing/record.ts'

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

const bytes = Buffer.from('a sound, as bytes').toString('base64')

function said() {
  const found = saidIn(recorded.spans(), 'openai.responses')
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
const find = { name: 'find', arguments: '{"city":"Paris"}' }
const found = { type: 'tool_call', name: 'find', arguments: { city: 'Paris' } }
const calls = '"name":"find","arguments":{"city":"Paris"}'

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
    item('function_call', { id: 'fc_1', call_id: 'c', ...find }),
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
  expect(said()).toMatchObject({ output, parts: [part] })
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
    expect(said()).toMatchObject({ output, parts: [part] })
  }
})

test('an image that was made is a blob, and the output where there is no word', async () => {
  const made = item('image_generation_call', { id: 'x', result: bytes, output_format: 'webp' })
  server.reply({ json: response([made]) }, { json: response([made, outputText('Here.')]) })
  await client.responses.create({ model: 'm', input: 'Draw a lamp.' })
  const drawn = said()
  expect(drawn.parts).toEqual([picture('image/webp')])
  expect(drawn.output).toBe('[image/webp, 17 bytes]')
  recorded.reset()
  await client.responses.create({ model: 'm', input: 'Draw a lamp.' })
  expect(said()).toMatchObject({
    output: 'Here.',
    parts: [picture('image/webp'), { type: 'text' }],
  })
})

test('what was thought, and each part of what was said, is known where it is used', async () => {
  const thought = item('reasoning', {
    summary: [{ type: 'summary_text', text: 'The lamp is broken.' }],
  })
  const content = ['Send it back. ', 'We pay for it.'].map((text) => ({
    type: 'output_text',
    text,
  }))
  server.reply({ json: response([thought, item('message', { role: 'assistant', content })]) })
  const note = bundle('note', (thought: string) => thought.length)
  const send = bundle('send', (first: string, second: unknown) => [first, second].length)
  await run('agent', async () => {
    const { output } = await client.responses.create({ model: 'm', input: 'Well?' })
    const [reasoning, message] = output
    if (reasoning?.type === 'reasoning') note(reasoning.summary[0]?.text ?? '')
    if (message?.type !== 'message') return
    const [first, second] = message.content
    send(first?.type === 'output_text' ? first.text : '', second)
  })()
  const spans = recorded.spans()
  expect(edgesOf(spans, 'note')).toEqual(['thought=openai.responses!value'])
  expect(edgesOf(spans, 'send')).toEqual([
    'first=openai.responses!value',
    'second=openai.responses!identity',
  ])
})
