import fc from 'fast-check'
import { afterAll, afterEach, expect, test, vi } from 'vitest'
import { bundle, configureContent, node, parameter, run, t } from '../index.ts'
import { agreeingClient, askedIn, untyped } from '../testing/model-calls.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
afterEach(() => {
  configureContent({ mask: undefined })
  recorded.reset()
})
afterAll(() => recorded.stop())

const client = agreeingClient()

async function chatWith(messages: readonly unknown[]) {
  await client.chat.completions.create(untyped({ model: 'm', messages }))
  return askedIn(recorded.spans(), 'openai.chat')
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
    return askedIn(recorded.spans(), 'openai.embeddings').inputs.input
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
  const work = async (bytes: number) => {
    const url = `data:image/png;base64,${'iVBORw0K'.repeat(bytes / 8)}`
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url } },
    ]
    const stringify = vi.spyOn(JSON, 'stringify')
    await chatWith(Array.from({ length: 5 }, () => ({ role: 'user', content })))
    const written = stringify.mock.results.map(({ value }) => String(value).length)
    stringify.mockRestore()
    recorded.reset()
    // The longest is what the client itself sends.
    return written.reduce((sum, length) => sum + length, 0) - Math.max(...written)
  }
  const small = await work(80_000)
  expect(small).toBeLessThan(20_000)
  expect(Math.abs((await work(1_600_000)) - small)).toBeLessThan(100)
})

test('what the mask withholds is nowhere, whatever part it is', async () => {
  configureContent({
    mask: (value) => (JSON.stringify(value).includes('4111') ? undefined : value),
  })
  const { whole, messages } = await chatWith([
    { role: 'user', content: [{ type: 'text', text: 'It is 4111.' }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Well?' },
        { type: 'input_file', file_url: '4111' },
      ],
    },
    { role: 'assistant', content: 'Yes.', reasoning: 'It is 4111.' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ function: { name: 'pay', arguments: '4111' } }],
    },
  ])
  expect(whole).not.toContain('4111')
  expect(messages).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Well?' }] },
    { role: 'assistant', parts: [{ type: 'text', content: 'Yes.' }] },
  ])
})

test('bytes are in no span, wherever they were in a request', async () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constant(image),
      fc.string({ maxLength: 8 }),
      fc.record({
        type: fc.constantFrom('input_audio', 'image', 'file'),
        data: fc.constant(png),
        file_data: fc.constant(png),
      }),
      fc.record({ b64_json: fc.constant(png), encrypted_content: fc.constant(image) }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('type', 'text', 'content', 'image_url', 'output', 'x'),
        tie('value'),
      ),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('user', 'assistant', 'tool'), value, async (role, content) => {
      recorded.reset()
      const { whole } = await chatWith([{ role, content }])
      expect(whole).not.toContain(png)
      recorded.reset()
      await client.responses.create(untyped({ model: 'm', input: [content] }))
      expect(askedIn(recorded.spans(), 'openai.responses').whole).not.toContain(png)
    }),
    { numRuns: 300 },
  )
}, 30_000)

test('the messages of a long conversation come to a bounded text, with the last ones whole', async () => {
  const most = 1_000
  configureContent({ maxValueLength: most })
  const lengthOf = async (count: number) => {
    recorded.reset()
    const conversation = Array.from({ length: count }, (_message, index) => ({
      role: 'user',
      content: `${index}: ${'long '.repeat(150)}`,
    }))
    const { messages } = await chatWith(conversation)
    expect(messages).toHaveLength(count)
    expect(messages.at(-1).parts[0].content).toBe(conversation.at(-1)?.content)
    return messages.reduce(
      (sum: number, { parts }: { parts: { content: string }[] }) =>
        sum + (parts[0]?.content.length ?? 0),
      0,
    )
  }
  const [some, twice] = [await lengthOf(100), await lengthOf(200)]
  expect(some).toBeLessThanOrEqual(17 * most)
  expect(twice).toBeLessThanOrEqual(some + 100)
  configureContent({ maxValueLength: 65_536 })
})

test('a text has none of the bytes in it, however many they are', async () => {
  const url = `data:image/png;base64,${'iVBORw0K'.repeat(100_000)}`
  const { inputs } = await chatWith([
    { role: 'user', content: `One ${url} two ${url} three ${url} end` },
  ])
  const shown = '[image/png, 600000 bytes]'
  expect(inputs).toEqual({ 'messages/0/user': `One ${shown} two ${shown} three ${shown} end` })
})

test('a text that begins with bytes keeps its words', async () => {
  const url = `data:image/png;base64,${'iVBORw0K'.repeat(100)}`
  const { inputs } = await chatWith([
    { role: 'user', content: `${url} What is it?` },
    { role: 'user', content: 'data: one, two' },
    { role: 'user', content: url },
  ])
  expect(inputs).toEqual({
    'messages/0/user': '[image/png, 600 bytes] What is it?',
    'messages/1/user': 'data: one, two',
    'messages/2/user': { ...blob('image', 'image/png'), byte_count: 600 },
  })
})

test('bytes in the arguments and in the answer of a tool are their number', async () => {
  const bytes = Buffer.alloc(300, 'a picture').toString('base64')
  const seen = JSON.stringify({ content: [{ type: 'image', data: bytes, mimeType: 'image/png' }] })
  const drawn = JSON.stringify({ image: `data:image/png;base64,${bytes}` })
  const { whole, messages } = await chatWith([
    { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'see', arguments: drawn } }] },
    { role: 'tool', tool_call_id: 'c1', content: seen },
  ])
  expect(whole).not.toContain(bytes)
  expect(messages).toMatchObject([
    { parts: [{ arguments: { image: { type: 'blob', byte_count: 300 } } }] },
    {
      parts: [
        {
          response: '{"content":[{"type":"image","data":"[300 bytes]","mimeType":"image/png"}]}',
        },
      ],
    },
  ])
})

test('bytes among the words of a text are their number, and the text is known all the same', async () => {
  const bytes = Buffer.alloc(190, 'a picture').toString('base64')
  const page = `<p>Look: <img src="data:image/png;base64,${bytes}"> nice</p>`
  const shown = '<p>Look: <img src="[image/png, 190 bytes]"> nice</p>'
  const tool = bundle('tool', () => page)
  const { inputs, whole } = await run('agent', async () =>
    chatWith([{ role: 'tool', tool_call_id: 'c1', content: tool() }]),
  )()
  expect(inputs).toEqual({ 'messages/0/tool': shown })
  expect(whole).not.toContain(bytes)
  expect(edgesOf(recorded.spans(), 'openai.chat')).toEqual(['messages/0/tool=tool!value'])
})
