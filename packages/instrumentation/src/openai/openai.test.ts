import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as openInference from '@arizeai/openinference-semantic-conventions'
import { trace } from '@opentelemetry/api'
import * as openTelemetry from '@opentelemetry/semantic-conventions/incubating'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, parameter, run, t } from '../index.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'
import { instrumentOpenAI } from './index.ts'

const recorded = recordSpans()
let server: Server
let client: OpenAI
const requests: { path: string; body: Record<string, unknown> }[] = []

const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 }
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'simulated-1',
  choices: [
    {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'The parcel is late.' },
    },
  ],
  usage: { ...usage, prompt_tokens_details: { cached_tokens: 3 } },
}
const toolCall = {
  ...completion,
  choices: [
    {
      index: 0,
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: null,
        tool_calls: ['Berlin', 'Lisbon'].map((city, index) => ({
          id: `call_${index}`,
          type: 'function',
          function: { name: 'weather', arguments: JSON.stringify({ city }) },
        })),
      },
    },
  ],
}
const response = {
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'simulated-1',
  output: [
    {
      type: 'message',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'A late parcel.' }],
    },
    { type: 'function_call', call_id: 'c1', name: 'refund', arguments: '{"amount":12.5}' },
  ],
  usage: { input_tokens: 4, output_tokens: 2, total_tokens: 6 },
}

function answer(
  path: string,
  body: Record<string, unknown>,
): { status: number; text: string; type: string } {
  const json = (value: unknown) => ({
    status: 200,
    text: JSON.stringify(value),
    type: 'application/json',
  })
  const events = (values: unknown[]) => ({
    status: 200,
    text: `${values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')}data: [DONE]\n\n`,
    type: 'text/event-stream',
  })
  if (body.model === 'broken') {
    return { status: 400, text: '{"error":{"message":"no such model"}}', type: 'application/json' }
  }
  if (path === '/v1/embeddings') {
    return json({
      object: 'list',
      model: 'e',
      data: [{ index: 0, embedding: [0.12345, 0.5] }],
      usage,
    })
  }
  if (path === '/v1/responses') {
    return body.stream ? events([{ type: 'response.completed', response }]) : json(response)
  }
  if (body.stream) {
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      id: 'chatcmpl-2',
      object: 'chat.completion.chunk',
      model: 'simulated-1',
      choices: [{ index: 0, delta, finish_reason }],
    })
    return events([
      chunk({ role: 'assistant', content: 'The parcel' }),
      chunk({ content: ' is on its way.' }),
      chunk({
        tool_calls: [
          { index: 0, id: 'c9', type: 'function', function: { name: 'look', arguments: '{"a"' } },
        ],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: ':1}' } }] }),
      chunk({}, 'stop'),
      { id: 'chatcmpl-2', object: 'chat.completion.chunk', choices: [], usage },
    ])
  }
  return json(body.tools && requests.length === 1 ? toolCall : completion)
}

beforeAll(async () => {
  server = createServer(async (request, reply) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const body: Record<string, unknown> = JSON.parse(Buffer.concat(chunks).toString())
    requests.push({ path: request.url ?? '', body })
    const { status, text, type } = answer(request.url ?? '', body)
    reply.writeHead(status, { 'content-type': type }).end(text)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  client = instrumentOpenAI(new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0 }))
})
beforeEach(() => {
  recorded.reset()
  requests.length = 0
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
  await recorded.stop()
})

const model = 'simulated-small'
const user = (content: string) => ({ role: 'user' as const, content })
const json = (value: unknown): unknown => JSON.parse(String(value))

describe('a chat completion', () => {
  test('is the same to the program, and reads as the conventions say', async () => {
    const answered = await client.chat.completions.create({
      model,
      messages: [{ role: 'system', content: 'Be brief.' }, user('Where is it?')],
      temperature: 0.5,
      max_completion_tokens: 50,
      stop: ['END'],
    })
    expect(answered.choices[0]?.message.content).toBe('The parcel is late.')
    const span = spanOf(recorded.spans(), 'openai.chat')
    expect(span.name).toBe(`chat ${model}`)
    expect(span.kind).toBe(2)
    expect(span.attributes).toMatchObject({
      'openinference.span.kind': 'LLM',
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': model,
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.stop_sequences': ['END'],
      'gen_ai.response.id': 'chatcmpl-1',
      'gen_ai.response.model': 'simulated-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 7,
      'gen_ai.usage.output_tokens': 5,
      'gen_ai.usage.cache_read.input_tokens': 3,
      'llm.model_name': model,
      'llm.token_count.prompt': 7,
      'llm.token_count.completion': 5,
      'llm.token_count.total': 12,
      'server.address': '127.0.0.1',
    })
    expect(json(span.attributes['gen_ai.input.messages'])).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Where is it?' }] },
    ])
    expect(json(span.attributes['gen_ai.output.messages'])).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: 'The parcel is late.' }],
        finish_reason: 'stop',
      },
    ])
  })

  test('has edges from the parameters, templates and results in its request, and to what uses its answer', async () => {
    const system = parameter('openai.system', 'Answer kindly and briefly.')
    const choice = parameter('openai.model', model)
    const find = bundle('find', async () => ({ note: 'The carrier lost it on Tuesday.' }))
    const send = bundle('send', (_text: string | null | undefined) => 'sent')
    const agent = run('agent', async (question: string) => {
      const found = await find()
      const { choices } = await client.chat.completions.create({
        model: choice as never,
        messages: [
          { role: 'system', content: system as never },
          user(t`${question}\n${found.note}`),
        ],
      })
      return send(choices[0]?.message.content)
    })
    await agent('Where is it?')
    expect(requests[0]?.body).toEqual({
      model,
      messages: [
        { role: 'system', content: 'Answer kindly and briefly.' },
        user('Where is it?\nThe carrier lost it on Tuesday.'),
      ],
    })
    expect(edgesOf(recorded.spans(), 'openai.chat')).toEqual([
      'model=param:openai.model',
      'messages=param:openai.system',
      'messages=find#/note!template',
    ])
    expect(edgesOf(recorded.spans(), 'send')).toEqual([
      '_text=openai.chat#/choices/0/message/content!value',
    ])
  })

  test('with tools called in parallel: arguments come from the model, results go back into it', async () => {
    const weather = bundle('weather', async (city: string) => ({
      report: `sunny in ${city} all day`,
    }))
    const tools = [
      { type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } },
    ]
    await run('agent', async () => {
      const messages: OpenAI.ChatCompletionMessageParam[] = [user('How is the weather?')]
      const first = await client.chat.completions.create({ model, messages, tools })
      const asked = first.choices[0]?.message
      if (!asked?.tool_calls) throw new Error('no tool calls')
      messages.push(asked)
      const results = asked.tool_calls.map(async (call) => {
        if (call.type !== 'function') throw new Error('no function')
        const content = JSON.stringify(await weather(JSON.parse(call.function.arguments).city))
        messages.push({ role: 'tool', tool_call_id: call.id, content })
      })
      await Promise.all(results)
      await client.chat.completions.create({ model, messages, tools })
    })()
    const [first, second] = recorded.spans().filter(({ name }) => name === `chat ${model}`)
    const calls = recorded.spans().filter(({ name }) => name === 'weather')
    expect(calls.flatMap((span) => span.attributes['trace2.inputs'])).toEqual(
      [0, 1].map((index) => {
        const { traceId, spanId } = first?.spanContext() ?? {}
        return `city=span:${traceId}:${spanId}#/choices/0/message/tool_calls/${index}/function/arguments!value`
      }),
    )
    expect(second?.links.map(({ context }) => context.spanId)).toEqual(
      [first, ...calls].map((span) => span?.spanContext().spanId),
    )
    expect(json(first?.attributes['gen_ai.output.messages'])).toMatchObject([
      {
        parts: [
          { type: 'tool_call', name: 'weather', arguments: { city: 'Berlin' } },
          { id: 'call_1' },
        ],
      },
    ])
    expect(json(first?.attributes['gen_ai.tool.definitions'])).toEqual([
      { type: 'function', name: 'weather', parameters: { type: 'object' } },
    ])
  })

  test('that is streamed ends with its last piece', async () => {
    const send = bundle('send', (_text: string) => 'sent')
    await run('agent', async () => {
      const stream = await client.chat.completions.create({
        model,
        messages: [user('x')],
        stream: true,
      })
      let text = ''
      for await (const chunk of stream) {
        expect(recorded.spans()).toEqual([])
        text += chunk.choices[0]?.delta.content ?? ''
      }
      send(text)
    })()
    const span = spanOf(recorded.spans(), 'openai.chat')
    expect(json(span.attributes['gen_ai.output.messages'])).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'The parcel is on its way.' },
          { type: 'tool_call', id: 'c9', name: 'look', arguments: { a: 1 } },
        ],
        finish_reason: 'stop',
      },
    ])
    expect(span.attributes['gen_ai.usage.output_tokens']).toBe(5)
    expect(edgesOf(recorded.spans(), 'send')).toEqual([
      '_text=openai.chat#/choices/0/message/content!value',
    ])
  })

  test('that is streamed and left early still ends', async () => {
    const stream = await client.chat.completions.create({
      model,
      messages: [user('x')],
      stream: true,
    })
    for await (const _chunk of stream) break
    const [message] = json(
      spanOf(recorded.spans(), 'openai.chat').attributes['gen_ai.output.messages'],
    ) as [unknown]
    expect(message).toMatchObject({ parts: [{ content: 'The parcel' }] })
  })

  test('keeps the helpers of the client', async () => {
    const { data, response: raw } = await client.chat.completions
      .create({ model, messages: [user('x')] })
      .withResponse()
    expect([data.id, raw.status]).toEqual(['chatcmpl-1', 200])
    const only = await client.chat.completions.create({ model, messages: [user('x')] }).asResponse()
    await expect(only.json()).resolves.toMatchObject({ id: 'chatcmpl-1' })
    const parsed = await client.chat.completions.parse({ model, messages: [user('x')] })
    expect(parsed.choices[0]?.message.content).toBe('The parcel is late.')
    const streamed = client.chat.completions.stream({ model, messages: [user('x')] })
    await expect(streamed.finalContent()).resolves.toBe('The parcel is on its way.')
    await new Promise((done) => setTimeout(done, 10))
    expect(recorded.spans().filter(({ name }) => name === `chat ${model}`)).toHaveLength(4)
  })

  test('that fails is an exception node', async () => {
    await expect(client.chat.completions.create({ model: 'broken', messages: [] })).rejects.toThrow(
      'no such model',
    )
    const span = spanOf(recorded.spans(), 'openai.chat')
    expect(span.status.code).toBe(2)
    expect(span.attributes['error.type']).toBe('Error')
  })
})

test('a response, whole and streamed', async () => {
  const asked = { model, instructions: 'Be kind.', input: 'Where is my parcel?' }
  await client.responses.create(asked)
  const stream = await client.responses.create({ ...asked, stream: true })
  for await (const _event of stream);
  const spans = recorded.spans()
  expect(spans).toHaveLength(2)
  for (const { attributes } of spans) {
    expect(json(attributes['gen_ai.system_instructions'])).toEqual([
      { type: 'text', content: 'Be kind.' },
    ])
    expect(json(attributes['gen_ai.input.messages'])).toEqual([
      { role: 'user', parts: [{ type: 'text', content: 'Where is my parcel?' }] },
    ])
    expect(json(attributes['gen_ai.output.messages'])).toEqual([
      {
        role: 'assistant',
        parts: [
          { type: 'text', content: 'A late parcel.' },
          { type: 'tool_call', id: 'c1', name: 'refund', arguments: { amount: 12.5 } },
        ],
        finish_reason: 'stop',
      },
    ])
    expect(attributes['gen_ai.usage.input_tokens']).toBe(4)
  }
})

test('embeddings leave their vectors out', async () => {
  const { data } = await client.embeddings.create({
    model: 'e',
    input: 'a text',
    encoding_format: 'float',
  })
  expect(data[0]?.embedding).toEqual([0.12345, 0.5])
  const span = spanOf(recorded.spans(), 'openai.embeddings')
  expect(span.name).toBe('embeddings e')
  expect(span.attributes['openinference.span.kind']).toBe('EMBEDDING')
  expect(String(span.attributes['output.value'])).toContain('[2 numbers]')
})

test('writes only attributes that the conventions know', async () => {
  const messages = [user('x')]
  const everything = {
    model,
    messages,
    n: 2,
    seed: 1,
    top_p: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
  }
  await client.chat.completions.create({ ...everything, response_format: { type: 'json_object' } })
  await client.responses.create({ model, input: 'x', instructions: 'y', stream: false })
  await client.embeddings.create({ model, input: 'x', dimensions: 8, encoding_format: 'float' })
  const lists: object[] = [openTelemetry, openInference, openInference.SemanticConventions]
  const known = new Set(lists.flatMap((list): unknown[] => Object.values(list)))
  const written = recorded.spans().flatMap(({ attributes }) => Object.keys(attributes))
  expect(written.filter((key) => !key.startsWith('trace2.') && !known.has(key))).toEqual([])
})

test('silences an instrumentation that has patched the library before', async () => {
  const tracer = trace.getTracer('another instrumentation')
  const patchedClient = new OpenAI({ apiKey: 'test', baseURL: client.baseURL, maxRetries: 0 })
  const { completions } = patchedClient.chat
  const create = completions.create.bind(completions)
  const patched = (...args: Parameters<typeof create>) =>
    tracer.startActiveSpan('chat by another', (span) => {
      span.end()
      return create(...args)
    })
  Object.assign(completions, { create: Object.assign(patched, { __wrapped: true }) })
  instrumentOpenAI(patchedClient)
  await patchedClient.chat.completions.create({ model, messages: [user('x')] })
  expect(recorded.spans().map(({ name }) => name)).toEqual([`chat ${model}`])
})

test('is done once, also for clients made from it', async () => {
  instrumentOpenAI(client)
  await client
    .withOptions({ timeout: 5_000 })
    .chat.completions.create({ model, messages: [user('x')] })
  expect(recorded.spans()).toHaveLength(1)
})
