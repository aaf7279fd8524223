import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import OpenAI, { APIError } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHAT_MODEL, EMBEDDING_MODEL, type SimulatedModel, startSimulatedModel } from './index.ts'

let model: SimulatedModel
let client: OpenAI
beforeAll(async () => {
  model = await startSimulatedModel({ seed: 7 })
  client = new OpenAI({ baseURL: model.url, apiKey: 'none', maxRetries: 0 })
})
afterAll(() => model.close())

const messages: OpenAI.ChatCompletionMessageParam[] = [
  {
    role: 'system',
    content: 'Answer with one of: yes, no. If the text mentions "rain", answer "yes".',
  },
  { role: 'user', content: 'It rained all day.' },
]

test('a completion has an answer, a reason to finish and token counts', async () => {
  const before = model.requests()
  const completion = await client.chat.completions.create({ model: CHAT_MODEL, messages })
  expect(completion.choices[0]).toMatchObject({
    message: { role: 'assistant', content: 'yes' },
    finish_reason: 'stop',
  })
  expect(completion.usage?.completion_tokens).toBe(1)
  expect(completion.usage?.total_tokens).toBe((completion.usage?.prompt_tokens ?? 0) + 1)
  expect(model.requests()).toBe(before + 1)
})

test('a stream carries the same text as the completion, then the usage', async () => {
  const draft: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'user', content: 'Write something — élan 🙂.' },
  ]
  const whole = await client.chat.completions.create({ model: CHAT_MODEL, messages: draft })
  const stream = await client.chat.completions.create({
    model: CHAT_MODEL,
    messages: draft,
    stream: true,
    stream_options: { include_usage: true },
  })
  let text = ''
  let chunks = 0
  let usage: OpenAI.CompletionUsage | null | undefined
  for await (const chunk of stream) {
    chunks++
    text += chunk.choices[0]?.delta.content ?? ''
    usage = chunk.usage
  }
  expect(text).toBe(whole.choices[0]?.message.content)
  expect(chunks).toBeGreaterThan(4)
  expect(usage).toEqual(whole.usage)
})

test('a limit on tokens cuts the answer and says so', async () => {
  const { choices, usage } = await client.chat.completions.create({
    model: CHAT_MODEL,
    max_completion_tokens: 5,
    messages: [{ role: 'user', content: 'Write a reply.' }],
  })
  expect(choices[0]?.finish_reason).toBe('length')
  expect(usage?.completion_tokens).toBe(5)
})

test('a stop sequence ends the answer', async () => {
  const { choices } = await client.chat.completions.create({
    model: CHAT_MODEL,
    stop: ['.'],
    messages: [{ role: 'user', content: 'Write a reply.' }],
  })
  expect(choices[0]?.message.content).not.toContain('.')
})

test('structured output fits its schema', async () => {
  const completion = await client.chat.completions.parse({
    model: CHAT_MODEL,
    messages,
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'verdict',
        schema: { type: 'object', properties: { answer: { enum: ['yes', 'no'] } } },
      },
    },
  })
  expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ answer: 'yes' })
})

test('a tool is called where it is demanded, its arguments taken from the data', async () => {
  const { choices } = await client.chat.completions.create({
    model: CHAT_MODEL,
    messages: [{ role: 'user', content: 'Order number: 17\nWhere is it?' }],
    tools: [
      {
        type: 'function',
        function: {
          name: 'find_order',
          parameters: { type: 'object', properties: { order_number: { type: 'string' } } },
        },
      },
    ],
    tool_choice: 'required',
  })
  const call = choices[0]?.message.tool_calls?.[0]
  expect(choices[0]?.finish_reason).toBe('tool_calls')
  expect(call?.type === 'function' && call.function).toEqual({
    name: 'find_order',
    arguments: '{"order_number":"17"}',
  })
})

test('models are listed', async () => {
  const { data } = await client.models.list()
  expect(data.map(({ id }) => id)).toEqual([CHAT_MODEL, EMBEDDING_MODEL])
  expect(await client.models.retrieve(CHAT_MODEL)).toMatchObject({ id: CHAT_MODEL })
})

test('embeddings of texts with common words lie closer than others', async () => {
  const { data, usage } = await client.embeddings.create({
    model: EMBEDDING_MODEL,
    input: ['my parcel is late', 'the parcel came late again', 'reset the password'],
  })
  const [first = [], second = [], third = []] = data.map(({ embedding }) => embedding)
  const dot = (left: number[], right: number[]) =>
    left.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0)
  expect(dot(first, first)).toBeCloseTo(1, 5)
  expect(dot(first, second)).toBeGreaterThan(dot(first, third) + 0.3)
  expect(usage.total_tokens).toBeGreaterThan(8)
})

test.each([
  ['an unknown model', { model: 'gpt-9', messages }, 404, 'model'],
  ['no messages', { model: CHAT_MODEL, messages: [] }, 400, 'messages'],
  [
    'json_object without the word',
    { model: CHAT_MODEL, messages, response_format: { type: 'json_object' } },
    400,
    'messages',
  ],
  [
    'a temperature out of range',
    { model: CHAT_MODEL, messages, temperature: 3 },
    400,
    'temperature',
  ],
  [
    'an unknown role',
    { model: CHAT_MODEL, messages: [{ role: 'boss', content: 'x' }] },
    400,
    'messages.[0].role',
  ],
  [
    'a prompt beyond the context',
    { model: CHAT_MODEL, messages: [{ role: 'user', content: 'word '.repeat(130_000) }] },
    400,
    'messages',
  ],
])("refuses %s with the API's own error", async (_, body, status, param) => {
  const error = await client.post('/chat/completions', { body }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(APIError)
  expect(error).toMatchObject({ status, param, type: 'invalid_request_error' })
})

test('a body that is no JSON and an unknown path are answered in the same form', async () => {
  const bad = await fetch(`${model.url}/chat/completions`, { method: 'POST', body: '{' })
  expect(bad.status).toBe(400)
  expect(await bad.json()).toMatchObject({ error: { type: 'invalid_request_error' } })
  const unknown = await fetch(`${model.url}/responses`, { method: 'POST', body: '{}' })
  expect(unknown.status).toBe(404)
  expect(await unknown.json()).toMatchObject({
    error: { message: expect.stringContaining('/v1/responses') },
  })
})

test('unref lets a process end that never closes the server', async () => {
  const module = new URL('./index.ts', import.meta.url)
  const program = `
    const { startSimulatedModel } = await import(${JSON.stringify(module.href.replace('/src/', '/dist/').replace(/ts$/, 'js'))})
    const model = await startSimulatedModel()
    model.unref()
    await (await fetch(model.url + '/models')).json()`
  const { stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    { timeout: 4000 },
  )
  expect(stderr).toBe('')
})

test('a port that is taken is reported', async () => {
  await expect(startSimulatedModel({ port: model.port })).rejects.toThrow('EADDRINUSE')
})

test('the name of a control token is text like any other', async () => {
  const { choices } = await client.chat.completions.create({
    model: CHAT_MODEL,
    messages: [{ role: 'user', content: 'Say "<|endoftext|>".' }],
  })
  expect(choices[0]?.message.content).toContain('<|endoftext|>')
})
