import * as openInference from '@arizeai/openinference-semantic-conventions'
import * as openTelemetry from '@opentelemetry/semantic-conventions/incubating'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bundle, instrumentOpenAI, parameter, run } from '../index.ts'
import { completion, outputText, response, startModelServer } from '../testing/model-server.ts'
import { edgesOf, inputsOf, recordSpans, spanOf } from '../testing/record.ts'
import { genAi, general, openAi, openInference as openInferenceNames } from './names.ts'

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

const model = 'gpt-4o-mini'
const functionCall = {
  id: 'fc_1',
  type: 'function_call',
  call_id: 'call_abcdef',
  name: 'find_order',
  arguments: '{"order":"LO-20455"}',
}
const conventions = new Set<unknown>(
  [openTelemetry, openInference, openInference.SemanticConventions].flatMap((list) =>
    Object.values<unknown>(list),
  ),
)

test('every attribute of a model call is one of the conventions', () => {
  const names = [genAi, openAi, general, openInferenceNames].flatMap(Object.values<string>)
  expect(names.filter((name) => !conventions.has(name))).toEqual([])
})

test('instructions, tools and results of a response are edges in and out', async () => {
  const instructions = parameter('responses-test.instructions', 'Help the customer of the shop.')
  const tool = parameter('responses-test.tool', 'Finds an order by its number.')
  const findOrder = bundle('find_order', (order: string) => `order ${order} is on its way`)
  server.reply(
    { json: response([{ type: 'reasoning', id: 'rs_1', summary: [] }, functionCall]) },
    { json: response([outputText('It is on its way.')], { id: 'resp_second' }) },
    { json: response([outputText('You are welcome.')], { id: 'resp_third' }) },
  )
  const agent = run('agent', async (question: string) => {
    const tools: OpenAI.Responses.Tool[] = [
      {
        type: 'function',
        name: 'find_order',
        description: tool.value,
        parameters: { type: 'object' },
        strict: false,
      },
    ]
    const shared = { model, instructions: instructions.value, tools }
    const input: OpenAI.Responses.ResponseInput = [{ role: 'user', content: question }]
    const first = await client.responses.create({ ...shared, input })
    for (const item of first.output) {
      if (item.type !== 'function_call') continue
      input.push(item, {
        type: 'function_call_output',
        call_id: item.call_id,
        output: findOrder(JSON.parse(item.arguments).order),
      })
    }
    const second = await client.responses.create({ ...shared, input })
    await client.responses.create({ model, input: 'Thanks!', previous_response_id: second.id })
    return second.output_text
  })
  expect(await agent('Where is order LO-20455?')).toBe('It is on its way.')
  const spans = recorded.spans()
  const calls = spans.filter(({ attributes }) => attributes['trace2.op'] === 'openai.responses')
  const [first, second, third] = calls
  if (!first || !second || !third) throw new Error('three calls')
  const read = inputsOf(second).map(({ role, origin, how }) => `${role} ${origin.kind} ${how}`)
  expect(read).toEqual([
    'instructions parameter value',
    'input/1/function_call span identity',
    'input/2/tool span value',
    'tools/find_order parameter value',
  ])
  expect(inputsOf(third)).toMatchObject([{ role: 'previous_response_id', how: 'value' }])
  expect(edgesOf(spans, 'find_order')).toEqual([
    'order=openai.responses#/tool_calls/0/arguments/order!value',
  ])
  expect(edgesOf(spans, 'agent')).toContain('return=openai.responses!value')
  expect(first.attributes).toMatchObject({
    'gen_ai.response.finish_reasons': ['tool_call'],
    'gen_ai.usage.input_tokens': 30,
    'gen_ai.usage.reasoning.output_tokens': 4,
    'openai.api.type': 'responses',
  })
  expect(JSON.parse(String(first.attributes['gen_ai.system_instructions']))).toEqual([
    { type: 'text', content: 'Help the customer of the shop.' },
  ])
  expect(JSON.parse(String(second.attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'Where is order LO-20455?' }] },
    {
      role: 'assistant',
      parts: [
        {
          type: 'tool_call',
          id: 'call_abcdef',
          name: 'find_order',
          arguments: { order: 'LO-20455' },
        },
      ],
    },
    {
      role: 'tool',
      parts: [
        {
          type: 'tool_call_response',
          id: 'call_abcdef',
          response: 'order LO-20455 is on its way',
        },
      ],
    },
  ])
  const written = spans.flatMap(({ attributes }) => Object.keys(attributes))
  expect(written.filter((key) => !key.startsWith('trace2.') && !conventions.has(key))).toEqual([])
})

test('a streamed response ends with its last event, or with what had come', async () => {
  const whole = response([outputText('It is on its way.')])
  const events = [
    { type: 'response.created', response: response([], { status: 'in_progress' }) },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'It is ' },
    { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'on its way.' },
    { type: 'response.completed', response: whole },
  ]
  server.reply({ events }, { events, hangs: true })
  const body = { model, input: 'Where is it?', stream: true } as const
  for await (const _event of await client.responses.create(body));
  let seen = 0
  for await (const _event of await client.responses.create(body)) if (++seen === 2) break
  const outputs = recorded.spans().map(({ attributes }) => attributes['output.value'])
  expect(outputs).toEqual(['It is on its way.', 'It is '])
})

test("a response that the client's stream parses is known by identity", async () => {
  const text = '{"category":"refund"}'
  const whole = response([outputText(text)])
  server.reply(
    {
      events: [
        { type: 'response.created', response: whole },
        { type: 'response.completed', response: whole },
      ],
    },
    { json: whole },
  )
  const format = { type: 'json_schema', name: 'verdict', schema: {} } as const
  const look = bundle('look', (verdict: unknown) => typeof verdict)
  const listen = bundle('listen', (verdict: unknown) => typeof verdict)
  await run('agent', async () => {
    const body = { model, input: 'Classify.', text: { format } }
    listen(await client.responses.stream(body).finalResponse())
    const parsed = await client.responses.parse(body)
    look(parsed.output_parsed)
  })()
  const spans = recorded.spans()
  expect(edgesOf(spans, 'listen')).toEqual(['verdict=openai.responses!identity'])
  expect(edgesOf(spans, 'look')).toEqual(['verdict=openai.responses!identity'])
})

test('a response that failed is an exception node', async () => {
  const error = { code: 'server_error', message: 'The model could not answer.' }
  server.reply({ json: response([], { status: 'failed', error }) })
  const answered = await client.responses.create({ model, input: 'Where is it?' })
  expect(answered.status).toBe('failed')
  const span = spanOf(recorded.spans(), 'openai.responses')
  expect(span.status).toEqual({ code: 2, message: 'The model could not answer.' })
  expect(span.attributes['error.type']).toBe('server_error')
})

test('embeddings are known by identity, and their numbers stay at home', async () => {
  const usage = { prompt_tokens: 5, total_tokens: 5 }
  const embedding = (index: number) => ({ object: 'embedding', index, embedding: [0.25, 0.5, 1] })
  server.reply({
    json: { object: 'list', model: 'small', data: [embedding(0), embedding(1)], usage },
  })
  const nearest = bundle('nearest', (vector: number[]) => vector.length)
  const read = bundle('read', () => 'a text about lamps')
  await run('agent', async () => {
    const { data } = await client.embeddings.create({
      model: 'small',
      input: ['a question', read()],
      encoding_format: 'float',
    })
    nearest(data[1]?.embedding ?? [])
  })()
  const spans = recorded.spans()
  expect(edgesOf(spans, 'openai.embeddings')).toEqual(['input=read!value'])
  expect(edgesOf(spans, 'nearest')).toEqual(['vector=openai.embeddings#/1!identity'])
  expect(spanOf(spans, 'openai.embeddings').attributes).toMatchObject({
    'openinference.span.kind': 'EMBEDDING',
    'embedding.model_name': 'small',
    'gen_ai.embeddings.dimension.count': 3,
    'gen_ai.usage.input_tokens': 5,
    'output.value': '[{"dimensions":3},{"dimensions":3}]',
  })
})

test.each([
  ['https://api.groq.com/openai/v1', 'groq', 'groq'],
  ['https://shop.openai.azure.com/openai', 'azure.ai.openai', 'azure'],
  ['http://127.0.0.1:11434/v1', 'openai', 'openai'],
])('the address %s tells who answers', async (baseURL, provider, llmProvider) => {
  const fetch = async () => Response.json(completion({ content: 'Hello.' }).json)
  const other = instrumentOpenAI(new OpenAI({ baseURL, apiKey: 'none', fetch }))
  await other.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hi' }] })
  expect(spanOf(recorded.spans(), 'openai.chat').attributes).toMatchObject({
    'gen_ai.provider.name': provider,
    'llm.provider': llmProvider,
  })
})
