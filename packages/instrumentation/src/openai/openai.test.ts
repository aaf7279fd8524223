import * as openInference from '@arizeai/openinference-semantic-conventions'
import { trace } from '@opentelemetry/api'
import * as openTelemetry from '@opentelemetry/semantic-conventions/incubating'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OpenAiServer, startOpenAiServer } from '../testing/openai-server.ts'
import { recordSpans, spanOf } from '../testing/record.ts'
import { instrumentOpenAI } from './index.ts'

const recorded = recordSpans()
let server: OpenAiServer
let client: OpenAI
beforeAll(async () => {
  server = await startOpenAiServer()
  client = instrumentOpenAI(new OpenAI({ apiKey: 'test', baseURL: server.baseURL, maxRetries: 0 }))
})
beforeEach(() => {
  recorded.reset()
  server.requests.length = 0
})
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const model = 'simulated-small'
const user = (content: string) => ({ role: 'user' as const, content })
const json = (value: unknown): unknown => JSON.parse(String(value))

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
