import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { configureContent, instrumentOpenAI, parameter, run, t } from '../../index.ts'
import { recordedRunIn, replaying } from '../../replay/index.ts'
import {
  completion,
  completionChunks,
  outputText,
  type Reply,
  response,
  startModelServer,
  toolCall,
} from '../../testing/model-server.ts'
import { recordSpans } from '../../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
let client: OpenAI
beforeAll(async () => {
  server = await startModelServer()
  client = instrumentOpenAI(new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: 0 }))
})
afterEach(() => {
  configureContent({ mask: undefined, captureContent: true })
  recorded.reset()
})
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const model = 'gpt-4o-mini'
const messages = [{ role: 'user' as const, content: 'Well?' }]
const weather = { type: 'function' as const, function: { name: 'weather', parameters: {} } }
const spaced = {
  id: 'call-1',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":  "Paris"}' },
}

async function listed(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) items.push(item)
  return items
}

async function caught(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const { status, code } = error as Error & { status?: number; code?: string }
    return { is: error.constructor.name, message: error.message, status, code }
  }
}

const events = [
  { type: 'response.created', response: { ...response([]), status: 'in_progress' } },
  { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Ye' },
  { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 's.' },
  { type: 'response.completed', response: response([outputText('Yes.')]) },
]

/** Each way to ask a model, and what the endpoint says. */
const ways: [name: string, replies: Reply[], ask: () => unknown][] = [
  [
    'a completion',
    [completion({ content: 'Yes.\n\n{"odd" : 1}', refusal: null, annotations: [] })],
    () => client.chat.completions.create({ model, messages, temperature: 0.5 }),
  ],
  [
    'calls of tools, their arguments as the model wrote them',
    [completion({ content: null, tool_calls: [spaced] }, 'tool_calls')],
    () => client.chat.completions.create({ model, messages, tools: [weather] }),
  ],
  [
    'the chunks of a stream',
    [
      {
        events: completionChunks([
          { role: 'assistant', content: '' },
          { content: 'Ye' },
          { content: 's.' },
        ]),
      },
    ],
    async () => listed(await client.chat.completions.create({ model, messages, stream: true })),
  ],
  [
    'withResponse',
    [completion({ content: 'Yes.' })],
    async () => {
      const asked = client.chat.completions.create({ model, messages })
      const { data, response } = await asked.withResponse()
      return { data, status: response.status, type: response.headers.get('content-type') }
    },
  ],
  [
    'parse',
    [completion({ content: '{"yes":true}', refusal: null })],
    async () => {
      const format = { type: 'json_object' as const }
      const said = await client.chat.completions.parse({ model, messages, response_format: format })
      return said.choices[0]?.message
    },
  ],
  [
    'the helper for streams',
    [{ events: completionChunks([{ role: 'assistant', content: 'Ye' }, { content: 's.' }]) }],
    async () => {
      const pieces: string[] = []
      const stream = client.chat.completions.stream({ model, messages })
      stream.on('content', (piece) => pieces.push(piece))
      return { completion: await stream.finalChatCompletion(), pieces }
    },
  ],
  [
    'the helper that runs tools',
    [
      completion({ content: null, tool_calls: [toolCall('call-1', 'weather', { city: 'Paris' })] }),
      completion({ content: 'Sunny.' }),
    ],
    () =>
      client.chat.completions
        .runTools({
          model,
          messages,
          tools: [
            {
              type: 'function',
              function: {
                name: 'weather',
                description: 'Tells the weather.',
                parameters: { type: 'object', properties: {} },
                function: async (given: string) => `${given}: sunny`,
              },
            },
          ],
        })
        .finalContent(),
  ],
  [
    'a response',
    [{ json: response([outputText('Yes.')]) }],
    () => client.responses.create({ model, input: 'Well?' }),
  ],
  [
    'the text of a streamed response',
    [{ events }],
    async () => {
      const items = await listed(
        await client.responses.create({ model, input: 'Well?', stream: true }),
      )
      return items.flatMap((event) => {
        const { type, delta } = event as { type: string; delta?: string }
        return type === 'response.output_text.delta' ? [delta] : []
      })
    },
  ],
  [
    'an error of the endpoint',
    [{ status: 429, json: { error: { message: 'Slow down.', code: 'rate_limit_exceeded' } } }],
    () => caught(client.chat.completions.create({ model, messages })),
  ],
  [
    'several choices',
    [
      {
        json: {
          id: 'chatcmpl-3',
          choices: ['Yes.', 'No.'].map((content, index) => ({
            index,
            message: { role: 'assistant', content },
            finish_reason: 'stop',
          })),
        },
      },
    ],
    () => client.chat.completions.create({ model, messages, n: 2 }),
  ],
]

describe('a replay answers in place of the endpoint', () => {
  test.each(ways)('%s', async (_name, replies, ask) => {
    server.reply(...replies)
    const agent = run('agent', async () => ask())
    const before = await agent()
    const record = recordedRunIn(recorded.spans())
    const asked = server.requests().length
    const { result, report } = await replaying(record, {}, () => agent())
    expect(report.ended).toBeNull()
    expect(server.requests().length).toBe(asked)
    expect(JSON.stringify(result)).toBe(JSON.stringify(before))
    expect(report.executed).toEqual({})
    expect(report.unused).toEqual({})
    expect(report.saved.calls).toBe(replies.length)
  })
})

test('a replay asks the endpoint where a message, a setting or a tool is another', async () => {
  const tone = parameter('openai-replay.tone', 'polite')
  const ask = run('agent', async (body: object) => {
    const said = await client.chat.completions.create({
      model,
      messages: [{ role: 'system', content: t`Be ${tone}.` }, ...messages],
      ...body,
    })
    return said.choices[0]?.message.content
  })
  server.reply(completion({ content: 'Yes.' }))
  await ask({})
  const record = recordedRunIn(recorded.spans())
  const answerOf = async (body: object) => {
    server.reply(completion({ content: 'Asked again.' }))
    const { result, report } = await replaying(record, {}, () => ask(body))
    return [result, report.served['openai.chat'] ?? 0]
  }
  expect(await answerOf({ temperature: 0.1 })).toEqual(['Asked again.', 0])
  expect(await answerOf({ tools: [weather] })).toEqual(['Asked again.', 0])
  expect(await answerOf({ messages: [{ ...messages[0], name: 'bob' }] })).toEqual([
    'Asked again.',
    0,
  ])
  tone.update('rude')
  expect(await answerOf({})).toEqual(['Asked again.', 0])
  tone.update('polite')
  const { result } = await replaying(record, {}, () => ask({}))
  expect(result).toBe('Yes.')
})

test.each([
  ['withheld', { captureContent: false }],
  ['masked', { mask: () => 'hidden' }],
])('an answer that was %s is asked for again', async (_how, content) => {
  configureContent(content)
  const ask = run('agent', async () => {
    const said = await client.chat.completions.create({ model, messages })
    return said.choices[0]?.message.content
  })
  server.reply(completion({ content: 'A secret.' }))
  await ask()
  expect(JSON.stringify(recorded.spans().map(({ attributes }) => attributes))).not.toContain(
    'secret',
  )
  const record = recordedRunIn(recorded.spans())
  server.reply(completion({ content: 'Again.' }))
  const { result, report } = await replaying(record, {}, () => ask())
  expect(result).toBe('Again.')
  expect(report.executed).toEqual({ 'openai.chat': 1 })
  const refused = await replaying(record, { 'openai.chat': 'recorded' }, () => ask())
  expect(refused.report.ended?.kind).toBe('not replayable')
})

test('an answer with a sound in it is not kept, however short', async () => {
  const data = Buffer.from('a sound').toString('base64')
  const ask = run('agent', async () => {
    const said = await client.chat.completions.create({ model, messages })
    return said.choices[0]?.message.audio?.data.length
  })
  const reply = completion({ content: null, audio: { id: 'a', transcript: 'Yes.', data } })
  server.reply(reply)
  await ask()
  const kept = recordedRunIn(recorded.spans())
  expect(JSON.stringify(kept)).not.toContain(data)
  server.reply(reply)
  const { result, report } = await replaying(kept, {}, () => ask())
  expect(result).toBe(data.length)
  expect(report.executed).toEqual({ 'openai.chat': 1 })
})

test('a model call may be answered by a stub, or not be made at all', async () => {
  const ask = run('agent', async () => {
    const said = await client.chat.completions.create({ model, messages })
    return said.choices[0]?.message.content
  })
  const nothing = { run: 'none', root: null, calls: [] }
  const asked = server.requests().length
  const stubbed = await replaying(nothing, { 'openai.chat': { stub: 'A stub.' } }, () => ask())
  expect(stubbed.result).toBe('A stub.')
  const refused = await replaying(nothing, { 'openai.chat': 'recorded' }, () => ask())
  expect(refused.error).toMatchObject({ code: 'T2_REPLAY_DIVERGED' })
  expect(server.requests().length).toBe(asked)
})
