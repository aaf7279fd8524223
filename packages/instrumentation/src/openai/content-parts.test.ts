import { afterAll, afterEach, expect, test } from 'vitest'
import { agreeingClient, askedIn, untyped } from '../testing/model-calls.ts'
import { recordSpans } from '../testing/record.ts'

const recorded = recordSpans()
afterEach(() => recorded.reset())
afterAll(() => recorded.stop())

const client = agreeingClient()

async function chatWith(messages: readonly unknown[]) {
  await client.chat.completions.create(untyped({ model: 'm', messages }))
  return askedIn(recorded.spans(), 'openai.chat')
}

async function respondTo(input: unknown) {
  await client.responses.create(untyped({ model: 'm', input }))
  return askedIn(recorded.spans(), 'openai.responses')
}

const png = Buffer.from('a picture, as bytes').toString('base64')
const image = `data:image/png;base64,${png}`
const blob = (modality: string, mimeType?: string) => ({
  type: 'blob',
  modality,
  ...(mimeType && { mime_type: mimeType }),
  byte_count: 19,
  fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
})

const kinds: [name: string, part: unknown, expected: object][] = [
  [
    'image_url as an object',
    { type: 'image_url', image_url: { url: image } },
    blob('image', 'image/png'),
  ],
  ['image_url as a text', { type: 'image_url', image_url: image }, blob('image', 'image/png')],
  [
    'an image elsewhere',
    { type: 'image_url', image_url: { url: 'https://a.test/b.png' } },
    { type: 'uri', modality: 'image', uri: 'https://a.test/b.png' },
  ],
  [
    'input_image',
    { type: 'input_image', image_url: image, detail: 'low' },
    blob('image', 'image/png'),
  ],
  [
    'input_image by its file',
    { type: 'input_image', file_id: 'file-1' },
    { type: 'file', modality: 'image', file_id: 'file-1' },
  ],
  [
    'input_audio',
    { type: 'input_audio', input_audio: { data: png, format: 'wav' } },
    blob('audio', 'audio/wav'),
  ],
  [
    'file',
    { type: 'file', file: { file_data: `data:application/pdf;base64,${png}`, filename: 'a.pdf' } },
    { ...blob('document', 'application/pdf'), name: 'a.pdf' },
  ],
  [
    'file by its id',
    { type: 'file', file: { file_id: 'file-2' } },
    { type: 'file', modality: 'document', file_id: 'file-2' },
  ],
  [
    'input_file',
    { type: 'input_file', file_data: png, filename: 'a.pdf' },
    { ...blob('document'), name: 'a.pdf' },
  ],
  [
    'input_file elsewhere',
    { type: 'input_file', file_url: 'https://a.test/b.pdf' },
    { type: 'uri', modality: 'document', uri: 'https://a.test/b.pdf' },
  ],
  [
    'video_url',
    { type: 'video_url', video_url: { url: `data:video/mp4;base64,${png}` } },
    blob('video', 'video/mp4'),
  ],
  [
    'an image of Anthropic',
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
    blob('image', 'image/png'),
  ],
  [
    'an image of MCP',
    { type: 'image', data: png, mimeType: 'image/png' },
    blob('image', 'image/png'),
  ],
  [
    'refusal',
    { type: 'refusal', refusal: 'I would rather not.' },
    { type: 'refusal', content: 'I would rather not.' },
  ],
  [
    'reasoning',
    { type: 'reasoning', text: 'Let me see.' },
    { type: 'reasoning', content: 'Let me see.' },
  ],
  [
    'thinking',
    { type: 'thinking', thinking: [{ type: 'text', text: 'Let me see.' }] },
    { type: 'reasoning', content: 'Let me see.' },
  ],
  [
    'tool_result',
    { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'done' }] },
    { type: 'tool_call_response', id: 'c1', response: 'done' },
  ],
  [
    'an unknown kind',
    { type: 'hologram', depth: 3, inside: { data: image } },
    { type: 'hologram', depth: 3, inside: { data: blob('image', 'image/png') } },
  ],
]

test.each(kinds)('a part of a message: %s', async (_name, part, expected) => {
  const parts = [{ type: 'text', text: 'Look ' }, part, { type: 'text', text: 'here.' }]
  for (const role of ['system', 'developer', 'user', 'assistant']) {
    const { inputs, messages, whole } = await chatWith([{ role, content: parts }])
    expect(inputs).toEqual({
      [`messages/0/${role}`]: 'Look here.',
      [`messages/0/${role}/1`]: expected,
    })
    expect(messages).toEqual([
      {
        role,
        parts: [{ type: 'text', content: 'Look ' }, expected, { type: 'text', content: 'here.' }],
      },
    ])
    expect(whole).not.toContain(png)
    recorded.reset()
  }
})

test.each(kinds)('a part of an item of a response: %s', async (_name, part, expected) => {
  const content = [{ type: 'input_text', text: 'Look here.' }, part]
  const { inputs, messages, whole } = await respondTo([{ role: 'user', content }])
  expect(inputs).toEqual({ 'input/0/user': 'Look here.', 'input/0/user/1': expected })
  expect(messages).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Look here.' }, expected] },
  ])
  expect(whole).not.toContain(png)
})

test.each(kinds)('a part of what a tool answered: %s', async (_name, part, expected) => {
  const content = [{ type: 'text', text: 'Found:' }, part]
  const answer = { role: 'tool', tool_call_id: 'c1', content }
  const { messages, whole } = await chatWith([answer])
  const parts = [{ type: 'text', content: 'Found:' }, expected]
  expect(messages).toEqual([
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: parts }] },
  ])
  expect(whole).not.toContain(png)
  recorded.reset()
  const output = { type: 'function_call_output', call_id: 'c1', output: content }
  const responded = await respondTo([output])
  expect(responded.messages).toEqual(messages)
  expect(responded.inputs).toEqual({ 'input/0/tool': 'Found:', 'input/0/tool/1': expected })
  expect(responded.whole).not.toContain(png)
})

test.each<[kind: string, part: unknown]>([
  ['without text', { type: 'text' }],
  ['of null', { type: 'text', text: null }],
  ['of a number', { type: 'text', text: 5 }],
  ['of an object', { type: 'text', text: { value: 'not joined' } }],
])('a text part %s adds nothing to the text of its message', async (_kind, part) => {
  const content = ['Be ', part, { type: 'text', text: 'brief.' }]
  const { inputs } = await chatWith([{ role: 'user', content }])
  expect(inputs).toMatchObject({ 'messages/0/user': 'Be brief.' })
  recorded.reset()
  const tool = await chatWith([{ role: 'tool', tool_call_id: 'c1', content }])
  expect(tool.messages).toEqual([
    { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'Be brief.' }] },
  ])
  recorded.reset()
  const output = { type: 'function_call_output', call_id: 'c1', output: content }
  expect((await respondTo([output])).whole).not.toContain('undefined')
})

const call = { name: 'find', arguments: '{"city":"Paris"}' }
const called = { type: 'tool_call', name: 'find', arguments: { city: 'Paris' } }
const thought = { type: 'reasoning', content: 'Let me see.' }
const said = { type: 'text', content: 'Yes.' }

test.each<[name: string, message: object, parts: object[]]>([
  [
    'tool calls',
    { content: null, tool_calls: [{ id: 'c1', type: 'function', function: call }] },
    [{ ...called, id: 'c1' }],
  ],
  [
    'a custom tool',
    { tool_calls: [{ id: 'c1', type: 'custom', custom: { name: 'run', input: 'ls' } }] },
    [{ type: 'tool_call', id: 'c1', name: 'run', arguments: 'ls' }],
  ],
  ['the first form of a call', { content: null, function_call: call }, [called]],
  ['reasoning_content', { content: 'Yes.', reasoning_content: 'Let me see.' }, [thought, said]],
  ['reasoning', { content: 'Yes.', reasoning: 'Let me see.' }, [thought, said]],
  [
    'reasoning_details',
    {
      content: 'Yes.',
      reasoning_details: [
        { type: 'reasoning.text', text: 'Let me ' },
        { type: 'reasoning.text', text: 'see.' },
      ],
    },
    [thought, said],
  ],
  ['a refusal', { content: null, refusal: 'No.' }, [{ type: 'refusal', content: 'No.' }]],
  [
    'speech of before',
    { content: null, audio: { id: 'audio-1' } },
    [{ type: 'file', modality: 'audio', file_id: 'audio-1' }],
  ],
])('a message of the assistant: %s', async (_name, message, parts) => {
  const { messages } = await chatWith([{ role: 'assistant', ...message }])
  expect(messages).toEqual([{ role: 'assistant', parts }])
})

test.each<[type: string, item: object, role: string, parts: object[]]>([
  ['function_call', { call_id: 'c1', ...call }, 'assistant', [{ ...called, id: 'c1' }]],
  [
    'custom_tool_call',
    { call_id: 'c1', name: 'run', input: 'ls' },
    'assistant',
    [{ type: 'tool_call', id: 'c1', name: 'run', arguments: 'ls' }],
  ],
  [
    'function_call_output',
    { call_id: 'c1', output: 'Sunny.' },
    'tool',
    [{ type: 'tool_call_response', id: 'c1', response: 'Sunny.' }],
  ],
  [
    'computer_call',
    { call_id: 'c1', action: { type: 'click', x: 1 } },
    'assistant',
    [{ type: 'tool_call', id: 'c1', name: 'computer', arguments: { type: 'click', x: 1 } }],
  ],
  [
    'computer_call_output',
    { call_id: 'c1', output: { type: 'computer_screenshot', image_url: image } },
    'tool',
    [{ type: 'tool_call_response', id: 'c1', response: blob('image', 'image/png') }],
  ],
  [
    'reasoning',
    { summary: [{ type: 'summary_text', text: 'Let me see.' }], encrypted_content: png },
    'assistant',
    [{ ...thought, encrypted_byte_count: 19 }],
  ],
  ['image_generation_call', { id: 'i1', result: png }, 'assistant', [blob('image', 'image/png')]],
  [
    'web_search_call',
    { id: 'w1', status: 'completed' },
    'assistant',
    [
      {
        type: 'server_tool_call',
        id: 'w1',
        name: 'web_search',
        server_tool_call: { type: 'web_search_call', id: 'w1', status: 'completed' },
      },
    ],
  ],
  [
    'mcp_call',
    { id: 'm1', name: 'ask', arguments: '{}', output: 'ok' },
    'assistant',
    [
      {
        type: 'server_tool_call',
        id: 'm1',
        name: 'ask',
        server_tool_call: {
          type: 'mcp_call',
          id: 'm1',
          name: 'ask',
          arguments: '{}',
          output: 'ok',
        },
      },
    ],
  ],
  ['item_reference', { id: 'r1' }, 'assistant', [{ type: 'item_reference', id: 'r1' }]],
])('an item of a response: %s', async (type, item, role, parts) => {
  const { inputs, messages, whole } = await respondTo([{ type, ...item }])
  // What a tool answered is its text; any other item is one value.
  if (role === 'assistant') expect(inputs).toMatchObject({ [`input/0/${type}`]: {} })
  else expect(Object.keys(inputs)).toEqual(['input/0/tool'])
  expect(messages).toEqual([{ role, parts }])
  expect(whole).not.toContain(png)
})
