import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bundle, instrumentOpenAI, node, parameter, run, t } from '../index.ts'
import { completion, startModelServer, toolCall } from '../testing/model-server.ts'
import { edgesOf, inputsOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
let client: OpenAI
beforeAll(async () => {
  server = await startModelServer()
  client = instrumentOpenAI(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 2 }))
})
afterEach(() => recorded.reset())
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const model = 'gpt-4o-mini'

async function ask(system: string, user: string): Promise<string> {
  const { choices } = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
  })
  return choices[0]?.message.content ?? ''
}

test('a call is a span with what both conventions have', async () => {
  server.reply(completion({ content: 'Paris, of course.' }))
  await client.chat.completions.create({
    model,
    temperature: 0.2,
    max_completion_tokens: 50,
    seed: 7,
    stop: 'END',
    messages: [{ role: 'user', content: 'What is the capital of France?' }],
  })
  const span = spanOf(recorded.spans(), 'openai.chat')
  expect(span.name).toBe('chat gpt-4o-mini')
  expect(span.attributes).toMatchObject({
    'trace2.kind': 'op',
    'openinference.span.kind': 'LLM',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
    'gen_ai.request.temperature': 0.2,
    'gen_ai.request.max_tokens': 50,
    'gen_ai.request.seed': 7,
    'gen_ai.request.stop_sequences': ['END'],
    'gen_ai.response.finish_reasons': ['stop'],
    'gen_ai.response.id': 'chatcmpl-1',
    'gen_ai.usage.input_tokens': 21,
    'gen_ai.usage.output_tokens': 8,
    'gen_ai.usage.cache_read.input_tokens': 16,
    'gen_ai.usage.reasoning.output_tokens': 3,
    'openai.api.type': 'chat_completions',
    'server.address': '127.0.0.1',
    'llm.model_name': 'gpt-4o-mini-2024-07-18',
    'llm.token_count.total': 29,
    'input.value': '{"messages/0/user":"What is the capital of France?"}',
    'output.value': 'Paris, of course.',
    'output.mime_type': 'text/plain',
  })
  expect(JSON.parse(String(span.attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'What is the capital of France?' }] },
  ])
  expect(JSON.parse(String(span.attributes['gen_ai.output.messages']))).toEqual([
    {
      role: 'assistant',
      parts: [{ type: 'text', content: 'Paris, of course.' }],
      finish_reason: 'stop',
    },
  ])
})

const system = parameter('chat-test.system', 'Name the category of the ticket in one word.')

test('edges lead from a parameter and a template into the messages, and from the answer to whoever returns it', async () => {
  const read = bundle('read', (id: string) => `Ticket ${id}: my lamp is broken`)
  const classify = bundle('classify', (ticket: string) =>
    ask(t`${system}`, t`Please look at this: ${ticket}`),
  )
  server.reply(completion({ content: 'refund-request' }))
  const agent = run('agent', async (id: string) => classify(read(id)))
  await agent('T-1')
  const spans = recorded.spans()
  expect(edgesOf(spans, 'openai.chat')).toEqual([
    'messages/0/system=param:chat-test.system!template',
    'messages/1/user=read!template',
  ])
  expect(spanOf(spans, 'openai.chat').attributes['trace2.input.template.messages/1/user']).toBe(
    'Please look at this: {0}',
  )
  expect(edgesOf(spans, 'classify')).toContain('return=openai.chat!value')
})

test('a short value, a handle and a model choice are known exactly', async () => {
  const choice = parameter('chat-test.model', 'gpt-4o-mini')
  const short = parameter('chat-test.short', 'Hi')
  server.reply(completion({ content: 'Good day.' }))
  await run('agent', async () => {
    // A program in JavaScript may pass handles wherever their values may be.
    const body = {
      model: choice,
      messages: [
        { role: 'system', content: short },
        { role: 'user', content: node('Hello') },
      ],
    }
    await client.chat.completions.create(JSON.parse('{}', () => body))
  })()
  expect(edgesOf(recorded.spans(), 'openai.chat')).toEqual([
    'messages/0/system=param:chat-test.short',
    'model=param:chat-test.model',
  ])
  expect(server.requests().at(-1)).toMatchObject({
    model: 'gpt-4o-mini',
    messages: [{ content: 'Hi' }, { content: 'Hello' }],
  })
})

test('parallel tool calls, their arguments and their results are edges', async () => {
  const findOrder = bundle('find_order', ({ order }: { order: string }) => ({
    order,
    state: `order ${order} was shipped on Monday`,
  }))
  const findShop = bundle('find_shop', (city: string) => `the shop in ${city} opens at nine`)
  server.reply(
    completion(
      {
        content: null,
        tool_calls: [
          toolCall('call_11111', 'find_order', { order: 'LO-20455' }),
          toolCall('call_22222', 'find_shop', { city: 'Marseille' }),
        ],
      },
      'tool_calls',
    ),
    completion({ content: 'Shipped on Monday; the shop opens at nine.' }),
  )
  const tools: OpenAI.ChatCompletionTool[] = ['find_order', 'find_shop'].map((name) => ({
    type: 'function',
    function: { name, description: `Tool ${name}`, parameters: { type: 'object' } },
  }))
  const agent = run('agent', async (question: string) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: question }]
    const first = await client.chat.completions.create({ model, messages, tools })
    const message = first.choices[0]?.message
    if (!message?.tool_calls) throw new Error('no tool calls')
    messages.push(message)
    for (const call of message.tool_calls) {
      if (call.type !== 'function') continue
      const args = JSON.parse(call.function.arguments)
      const content =
        call.function.name === 'find_order' ? findOrder(args).state : findShop(args.city)
      messages.push({ role: 'tool', tool_call_id: call.id, content })
    }
    const second = await client.chat.completions.create({ model, messages, tools })
    return second.choices[0]?.message.content
  })
  await agent('Where is my order, and when does the shop open?')
  const spans = recorded.spans()
  const [first, second] = spans.filter(
    ({ attributes }) => attributes['trace2.op'] === 'openai.chat',
  )
  if (!first || !second) throw new Error('two calls')
  expect(first.attributes['gen_ai.response.finish_reasons']).toEqual(['tool_calls'])
  expect(JSON.parse(String(first.attributes['gen_ai.output.messages']))[0].parts[1]).toEqual({
    type: 'tool_call',
    id: 'call_22222',
    name: 'find_shop',
    arguments: { city: 'Marseille' },
  })
  expect(JSON.parse(String(first.attributes['gen_ai.tool.definitions']))[0]).toEqual({
    type: 'function',
    name: 'find_order',
    description: 'Tool find_order',
    parameters: { type: 'object' },
  })
  expect(edgesOf(spans, 'find_order')).toEqual([
    'order=openai.chat#/tool_calls/0/arguments/order!value',
  ])
  expect(edgesOf(spans, 'find_shop')).toEqual([
    'city=openai.chat#/tool_calls/1/arguments/city!value',
  ])
  expect(inputsOf(second).map(({ role, origin, how }) => [role, origin.pointer, how])).toEqual([
    ['messages/1/assistant', '', 'identity'],
    ['messages/2/tool', '/state', 'value'],
    ['messages/3/tool', '', 'value'],
  ])
  expect(JSON.parse(String(second.attributes['gen_ai.input.messages']))[2]).toEqual({
    role: 'tool',
    parts: [
      {
        type: 'tool_call_response',
        id: 'call_11111',
        response: 'order LO-20455 was shipped on Monday',
      },
    ],
  })
})

const format = { type: 'json_schema', json_schema: { name: 'verdict', schema: {} } } as const

test('structured output is known by its parts, parsed by the client or by hand', async () => {
  server.reply(
    completion({ content: '{"category":"refund","why":{"words":"money back"}}' }),
    completion({ content: '{"category":"delivery"}' }),
  )
  const judge = bundle('judge', (category: string) => category.length)
  const explain = bundle('explain', (why: object) => Object.keys(why))
  await run('agent', async () => {
    const parsed = await client.chat.completions.parse({
      model,
      response_format: format,
      messages: [{ role: 'user', content: 'Please classify.' }],
    })
    const verdict: unknown = parsed.choices[0]?.message.parsed
    if (typeof verdict === 'object' && verdict && 'why' in verdict) explain(Object(verdict.why))
    const plain = await ask('Answer in JSON.', 'Please classify again.')
    judge(JSON.parse(plain).category)
  })()
  const spans = recorded.spans()
  expect(edgesOf(spans, 'judge')).toEqual(['category=openai.chat#/category!value'])
  expect(edgesOf(spans, 'explain')).toEqual(['why=openai.chat#/why!identity'])
  const [first] = spans
  expect(first?.attributes).toMatchObject({
    'gen_ai.output.type': 'json',
    'output.mime_type': 'application/json',
  })
})

test('retries of the client are one span', async () => {
  server.reply(
    { status: 500, headers: { 'retry-after-ms': '1' }, json: { error: { message: 'sorry' } } },
    completion({ content: 'There you are.' }),
  )
  expect(await ask('Be kind.', 'Where are you?')).toBe('There you are.')
  expect(recorded.spans()).toHaveLength(1)
})

test('an error is an exception node with the status of the answer', async () => {
  server.reply({
    status: 429,
    headers: { 'x-should-retry': 'false' },
    json: { error: { message: 'slow down' } },
  })
  await expect(ask('Be kind.', 'Again?')).rejects.toThrow('slow down')
  const span = spanOf(recorded.spans(), 'openai.chat')
  expect(span.status).toMatchObject({ code: 2 })
  expect(span.attributes).toMatchObject({
    'error.type': 'RateLimitError',
    'http.response.status_code': 429,
  })
  expect(span.events[0]?.name).toBe('exception')
})

test('a call that is aborted ends with the error', async () => {
  server.reply({ hangs: true })
  const abort = new AbortController()
  const call = client.chat.completions.create(
    { model, messages: [{ role: 'user', content: 'Are you there?' }] },
    { signal: abort.signal },
  )
  setTimeout(() => abort.abort(), 20)
  await expect(call).rejects.toThrow('aborted')
  expect(spanOf(recorded.spans(), 'openai.chat').attributes['error.type']).toBe('APIUserAbortError')
})

test("the client's promise keeps its methods", async () => {
  server.reply(completion({ content: 'one' }), completion({ content: 'two' }))
  const body = { model, messages: [{ role: 'user' as const, content: 'Count.' }] }
  const both = await client.chat.completions.create(body).withResponse()
  expect(both.data.choices[0]?.message.content).toBe('one')
  expect(both.response.status).toBe(200)
  expect(both.request_id).toBe('req-1')
  const raw = await client.chat.completions.create(body).asResponse()
  expect(await raw.json()).toMatchObject({ choices: [{ message: { content: 'two' } }] })
  const [first, second, ...rest] = recorded.spans()
  expect(first?.attributes['output.value']).toBe('one')
  expect(second?.attributes['output.value']).toBeUndefined()
  expect(rest).toEqual([])
})

test('tools that the client runs itself are calls of their own', async () => {
  const weather = bundle('weather', (args: { city: string }) => `it rains in ${args.city}`)
  server.reply(
    completion(
      { content: null, tool_calls: [toolCall('call_33333', 'weather', { city: 'Rotterdam' })] },
      'tool_calls',
    ),
    completion({ content: 'Take an umbrella.' }),
  )
  await run('agent', async () => {
    const runner = client.chat.completions.runTools({
      model,
      messages: [{ role: 'user', content: 'How is the weather?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            description: 'Tells the weather.',
            parameters: { type: 'object' },
            parse: JSON.parse,
            function: ({ city }: { city: string }) => weather({ city }),
          },
        },
      ],
    })
    return runner.finalContent()
  })()
  const spans = recorded.spans()
  const calls = spans.filter(({ attributes }) => attributes['trace2.op'] === 'openai.chat')
  expect(calls).toHaveLength(2)
  const [, second] = calls
  expect(String(second?.attributes['trace2.inputs'])).toContain('messages/2/tool=span:')
  expect(edgesOf(spans, 'agent')).toContainEqual(expect.stringMatching(/^return=.*!value$/))
})
