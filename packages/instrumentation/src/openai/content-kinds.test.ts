import OpenAI from 'openai'
import { afterAll, afterEach, expect, test } from 'vitest'
import { bundle, configureContent, instrumentOpenAI, node, parameter, run, t } from '../index.ts'
import { completion, outputText, response } from '../testing/model-server.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
afterEach(() => {
  configureContent({ mask: undefined })
  recorded.reset()
})
afterAll(() => recorded.stop())

const png = Buffer.from('a picture, as bytes').toString('base64')
const image = `data:image/png;base64,${png}`
const blob = (modality: string, mimeType?: string) => ({
  type: 'blob',
  modality,
  ...(mimeType && { mime_type: mimeType }),
  byte_count: 19,
  fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
})

const client = instrumentOpenAI(
  new OpenAI({
    baseURL: 'http://model.test/v1',
    apiKey: 'none',
    fetch: async (url) =>
      Response.json(
        String(url).endsWith('/responses')
          ? response([outputText('Yes.')])
          : completion({ content: 'Yes.' }).json,
      ),
  }),
)

/** A value as the client may be given it, whatever its types say. */
function untyped<T>(value: unknown): T {
  return JSON.parse('{}', () => value)
}

async function chatWith(messages: readonly unknown[]) {
  await client.chat.completions.create(untyped({ model: 'm', messages }))
  return read('openai.chat')
}

async function respondTo(input: unknown, rest: object = {}) {
  await client.responses.create(untyped({ model: 'm', input, ...rest }))
  return read('openai.responses')
}

function read(operator: string) {
  const { attributes } = spanOf(recorded.spans(), operator)
  return {
    inputs: JSON.parse(String(attributes['input.value'])),
    messages: JSON.parse(String(attributes['gen_ai.input.messages'] ?? '[]')),
    whole: JSON.stringify(attributes),
  }
}

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
  const { messages, whole } = await respondTo([{ type, ...item }])
  expect(messages).toEqual([{ role, parts }])
  expect(whole).not.toContain(png)
})

test('texts of several parts are one text, with an edge from each that came from somewhere', async () => {
  const rules = parameter('kinds-test.rules', 'Be kind.')
  const tool = bundle('tool', () => [{ type: 'text', text: 'The lamp is broken.' }])
  await run('agent', async () => {
    const user = [
      { type: 'text', text: 'Please: ' },
      { type: 'text', text: t`${rules}!` },
    ]
    await client.chat.completions.create(
      untyped({
        model: 'm',
        messages: [
          { role: 'system', content: [{ type: 'text', text: rules }] },
          { role: 'user', content: user },
          {
            role: 'user',
            content: [
              { type: 'text', text: node('Hi') },
              { type: 'image_url', image_url: { url: image } },
            ],
          },
          { role: 'tool', tool_call_id: 'c1', content: tool() },
          { role: 'user', content: [...tool(), { type: 'text', text: ' Why?' }] },
        ],
      }),
    )
  })()
  const spans = recorded.spans()
  const chat = spanOf(spans, 'openai.chat')
  expect(JSON.parse(String(chat.attributes['input.value']))).toEqual({
    'messages/0/system': 'Be kind.',
    'messages/1/user': 'Please: Be kind.!',
    'messages/2/user': 'Hi',
    'messages/2/user/1': blob('image', 'image/png'),
    'messages/3/tool': 'The lamp is broken.',
    'messages/4/user': 'The lamp is broken. Why?',
  })
  expect(chat.attributes['trace2.input.template.messages/1/user']).toBe('Please: {0}!')
  expect(chat.attributes['trace2.input.template.messages/4/user']).toBe('{0} Why?')
  const tools = spans.filter(({ attributes }) => attributes['trace2.op'] === 'tool').length
  expect(tools).toBe(2)
  expect(edgesOf(spans, 'openai.chat')).toEqual([
    'messages/0/system=param:kinds-test.rules',
    'messages/1/user=param:kinds-test.rules!template',
    'messages/3/tool=tool!identity',
    'messages/4/user=tool#/0!template',
  ])
})

test('tokens are counted, texts are kept, for embeddings', async () => {
  const embed = async (input: unknown) => {
    recorded.reset()
    await client.embeddings
      .create(untyped({ model: 'm', input, encoding_format: 'float' }))
      .catch(() => undefined)
    return read('openai.embeddings').inputs.input
  }
  expect(await embed('a lamp')).toBe('a lamp')
  expect(await embed(['a lamp', 'a chair'])).toEqual(['a lamp', 'a chair'])
  expect(await embed([1_234, 5_678])).toEqual({ tokens: 2 })
  expect(await embed([[1_234], [5_678, 9]])).toEqual([{ tokens: 1 }, { tokens: 2 }])
  expect(await embed([image])).toEqual([blob('image', 'image/png')])
})

test('the mask sees each text, thought and address, wherever it is', async () => {
  configureContent({
    mask: (value) => JSON.parse(JSON.stringify(value).replaceAll('4111', '****')),
  })
  const parts = [
    { type: 'text', text: 'Card 4111 ' },
    { type: 'image_url', image_url: { url: 'https://a.test/4111.png' } },
    { type: 'tool_result', tool_use_id: 'c1', content: '4111' },
  ]
  const { whole, messages } = await chatWith([
    { role: 'user', content: parts },
    { role: 'assistant', content: 'Well.', reasoning_content: 'It is 4111.' },
    { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: '4111' }] },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c3', function: { name: 'pay', arguments: '{"card":"4111"}' } }],
    },
  ])
  expect(whole).not.toContain('4111')
  expect(messages.map(({ parts }: { parts: object[] }) => parts.length)).toEqual([3, 2, 1, 1])
})

test('an image costs the same however large it is', async () => {
  const stringify = JSON.stringify
  const work = async (bytes: number) => {
    const url = `data:image/png;base64,${'iVBORw0K'.repeat(bytes / 8)}`
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url } },
    ]
    let written = 0
    // What the client itself sends is not counted.
    JSON.stringify = (...args: Parameters<typeof stringify>) => {
      const text = stringify(...args)
      if (!Object.hasOwn(Object(args[0]), 'messages')) written += text?.length ?? 0
      return text
    }
    try {
      await chatWith(Array.from({ length: 5 }, () => ({ role: 'user', content })))
    } finally {
      JSON.stringify = stringify
    }
    recorded.reset()
    return written
  }
  const small = await work(80_000)
  expect(small).toBeLessThan(20_000)
  expect(Math.abs((await work(1_600_000)) - small)).toBeLessThan(100)
})
