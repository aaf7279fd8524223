import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bundle, parameter, run, t } from '../index.ts'
import { type OpenAiServer, startOpenAiServer } from '../testing/openai-server.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'
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
    expect(server.requests[0]).toEqual({
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
      // The client reads it when it writes the request.
      'openai.system=param:openai.system',
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
