import { OpenAIInstrumentation } from '@arizeai/openinference-instrumentation-openai'
import { context, trace } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { configureContent, instrumentOpenAI } from '../index.ts'
import { completion, completionChunks, startModelServer } from '../testing/model-server.ts'
import { recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
beforeAll(async () => {
  server = await startModelServer()
})
afterEach(() => {
  configureContent({ captureContent: true, mask: undefined })
  recorded.reset()
})
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const options = () => ({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
const newClient = () => instrumentOpenAI(new OpenAI(options()))

async function ask(client: OpenAI, content = 'My card number is 4111.'): Promise<unknown> {
  server.reply(completion({ content: 'Thank you for 4111.' }))
  const { choices } = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content }],
    tools: [{ type: 'function', function: { name: 'charge', description: 'Charges 4111.' } }],
  })
  return choices[0]?.message.content
}

test('instrumenting twice, or a copy of the client, records once', async () => {
  const client = newClient()
  expect(instrumentOpenAI(client)).toBe(client)
  await ask(client.withOptions({ timeout: 5_000 }))
  expect(recorded.spans()).toHaveLength(1)
})

test('what is no client is refused', () => {
  expect(() => instrumentOpenAI({ chat: {} })).toThrow(
    expect.objectContaining({ code: 'T2_OPENAI_CLIENT' }),
  )
})

test("OpenInference's instrumentation makes no second span, and keeps those of other clients", async () => {
  const other = new OpenAIInstrumentation({ tracerProvider: recorded.provider })
  other.manuallyInstrument(Object.assign(OpenAI, { openInferencePatched: false }))
  try {
    const client = newClient()
    await ask(client)
    server.reply({ events: completionChunks([{ role: 'assistant', content: 'Hello.' }]) })
    const stream = client.chat.completions.stream({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    })
    await stream.finalContent()
    expect(recorded.spans().map(({ name }) => name)).toEqual(Array(2).fill('chat gpt-4o-mini'))
    await ask(new OpenAI(options()))
    expect(recorded.spans().at(-1)?.name).toBe('OpenAI Chat Completions')
  } finally {
    other.disable()
  }
})

test('where tracing is suppressed, or has no provider, the client only does its work', async () => {
  const client = newClient()
  const silent = suppressTracing(context.active())
  expect(await context.with(silent, () => ask(client))).toBe('Thank you for 4111.')
  trace.disable()
  try {
    expect(await ask(client)).toBe('Thank you for 4111.')
  } finally {
    trace.setGlobalTracerProvider(recorded.provider)
  }
  expect(recorded.spans()).toEqual([])
})

test('without content a span has no word of it', async () => {
  configureContent({ captureContent: false })
  await ask(newClient())
  const { attributes } = spanOf(recorded.spans(), 'openai.chat')
  expect(JSON.stringify(attributes)).not.toContain('4111')
  expect(attributes['gen_ai.usage.input_tokens']).toBe(21)
  expect(attributes['trace2.input.hash.messages/0/user']).toMatch(/^[0-9a-f]{64}$/)
})

test('the mask sees messages, tools and answers in every place', async () => {
  const hide = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('4111', '****'))
  configureContent({ mask: hide })
  await ask(newClient())
  const { attributes } = spanOf(recorded.spans(), 'openai.chat')
  expect(JSON.stringify(attributes)).not.toContain('4111')
  expect(attributes['gen_ai.input.messages']).toContain('My card number is ****.')
  expect(attributes['gen_ai.output.messages']).toContain('Thank you for ****.')
  expect(attributes['gen_ai.tool.definitions']).toContain('Charges ****.')
})
