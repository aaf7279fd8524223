import { diag } from '@opentelemetry/api'
import fc from 'fast-check'
import OpenAI from 'openai'
import { afterAll, expect, test } from 'vitest'
import { instrumentOpenAI } from '../index.ts'
import { recordSpans } from '../testing/record.ts'

const recorded = recordSpans()
afterAll(() => recorded.stop())

/** What an endpoint answers. */
interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  /** Whether the connection breaks after it. */
  readonly breaks: boolean
}

function clientOf(answer: Answer): OpenAI {
  return new OpenAI({
    baseURL: 'http://model.test/v1',
    apiKey: 'none',
    maxRetries: 0,
    logLevel: 'off',
    fetch: async () => {
      const bytes = new TextEncoder().encode(answer.body)
      let at = 0
      const body = new ReadableStream({
        pull(controller) {
          const from = at
          at += 1_000
          if (from < bytes.length) controller.enqueue(bytes.slice(from, at))
          else if (answer.breaks) controller.error(new TypeError('terminated'))
          else controller.close()
        },
      })
      return new Response(body, {
        status: answer.status,
        headers: { 'content-type': answer.type, 'x-request-id': 'r1' },
      })
    },
  })
}

const text = fc.string({ maxLength: 12 })
const wild = fc.jsonValue({ maxDepth: 2 })
const part = fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'output_text', 'refusal'), text, refusal: text }),
  fc.record({
    type: fc.constant('image_url'),
    image_url: fc.oneof(text, fc.record({ url: text })),
  }),
  wild,
)
const content = fc.oneof(text, fc.constant(null), fc.array(part, { maxLength: 3 }), wild)
const call = fc.record(
  {
    index: fc.nat(1),
    id: text,
    type: fc.constantFrom('function', 'custom'),
    function: fc.record({ name: text, arguments: fc.oneof(text, fc.json({ maxDepth: 1 })) }),
  },
  { requiredKeys: [] },
)
const message = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        role: fc.constant('assistant'),
        content,
        refusal: fc.option(text),
        reasoning_content: fc.option(text),
        reasoning: fc.oneof(text, wild),
        audio: fc.oneof(fc.record({ id: text, transcript: text, data: fc.base64String() }), wild),
        tool_calls: fc.oneof(fc.array(call, { maxLength: 2 }), fc.constant(null)),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: wild },
)
const usage = fc.option(
  fc.record({ prompt_tokens: fc.nat(), total_tokens: fc.nat() }, { requiredKeys: [] }),
)
const choices = (key: string) =>
  fc.array(
    fc.record({
      index: fc.nat(1),
      [key]: message,
      finish_reason: fc.constantFrom(null, 'stop', 'tool_calls', 'length'),
    }),
    { maxLength: 2 },
  )
const item = fc.record(
  {
    type: fc.constantFrom(
      'message',
      'reasoning',
      'function_call',
      'web_search_call',
      'image_generation_call',
      'hologram',
    ),
    id: text,
    role: fc.constant('assistant'),
    content: fc.array(part, { maxLength: 2 }),
    summary: wild,
    name: text,
    arguments: text,
    result: fc.oneof(text, wild),
  },
  { requiredKeys: ['type', 'content'] },
)
const completion = fc.record({ id: text, model: text, choices: choices('message'), usage })
const response = fc.record({
  id: text,
  object: fc.constant('response'),
  status: fc.constantFrom('completed', 'incomplete', 'failed'),
  error: fc.option(fc.record({ code: text, message: text })),
  output: fc.array(item, { maxLength: 3 }),
  usage,
})
const chunk = fc.record(
  { id: text, choices: choices('delta'), usage },
  { requiredKeys: ['choices'] },
)
const event = fc.oneof(
  fc.record({
    type: fc.constantFrom(
      'response.output_text.delta',
      'response.refusal.delta',
      'response.reasoning_summary_text.delta',
      'response.function_call_arguments.delta',
    ),
    output_index: fc.nat(1),
    content_index: fc.nat(1),
    delta: fc.oneof(text, wild),
  }),
  fc.record({
    type: fc.constantFrom('response.created', 'response.completed', 'response.failed'),
    response,
  }),
  fc.record({
    type: fc.constantFrom('response.output_item.added', 'response.output_item.done', 'error'),
    item,
  }),
)

const status = fc.constantFrom(200, 200, 200, 200, 400, 429, 500)
const whole = (value: fc.Arbitrary<unknown>): fc.Arbitrary<Answer> =>
  fc
    .record({
      value: fc.oneof({ weight: 5, arbitrary: value }, { weight: 1, arbitrary: wild }),
      cutOff: fc.constantFrom(0, 0, 0, 3),
      type: fc.constantFrom('application/json', 'application/json', 'text/html'),
      status,
      breaks: fc.constantFrom(false, false, false, true),
    })
    .map(({ value, cutOff, ...rest }) => {
      const body = JSON.stringify(value)
      return { ...rest, body: body.slice(0, body.length - cutOff) }
    })
const streamed = (pieces: fc.Arbitrary<unknown>): fc.Arbitrary<Answer> =>
  fc
    .record({
      pieces: fc.array(fc.oneof({ weight: 9, arbitrary: pieces }, { weight: 1, arbitrary: wild }), {
        maxLength: 5,
      }),
      end: fc.constantFrom('data: [DONE]\n\n', 'data: [DONE]\n\n', '', ': bye\n\n', 'data: {"cut'),
      status,
      breaks: fc.constantFrom(false, false, true),
    })
    .map(({ pieces, end, ...rest }) => ({
      ...rest,
      type: 'text/event-stream',
      body: pieces.map((piece) => `data: ${JSON.stringify(piece)}\n\n`).join('') + end,
    }))

const messages = [{ role: 'user' as const, content: 'Well?' }]
const chatBody = { model: 'm', messages }
const responseBody = { model: 'm', input: 'Well?' }

async function all(stream: AsyncIterable<unknown>, most = Number.POSITIVE_INFINITY) {
  const found: unknown[] = []
  for await (const piece of stream) if (found.push(piece) >= most) break
  return found
}

type Use = (client: OpenAI) => Promise<unknown>
type Call = { withResponse(): Promise<{ data: unknown; response: Response; request_id?: unknown }> }

const calls: readonly ((
  client: OpenAI,
) => PromiseLike<unknown> & Call & { asResponse(): Promise<Response> })[] = [
  (client) => client.chat.completions.create(chatBody),
  (client) => client.responses.create(responseBody),
  (client) => client.embeddings.create({ model: 'm', input: 'Well?' }),
]
const [chat, respond, embed] = calls.map((create): readonly Use[] => [
  async (client) => create(client),
  async (client) => {
    const promise = create(client)
    return [await promise, await promise]
  },
  async (client) => {
    const { data, response, request_id } = await create(client).withResponse()
    return [data, response.status, request_id]
  },
  async (client) => (await create(client).asResponse()).text(),
])

type Streamed = AsyncIterable<unknown> & {
  controller: AbortController
  tee(): [AsyncIterable<unknown>, AsyncIterable<unknown>]
  toReadableStream(): ReadableStream
}
interface Opening extends PromiseLike<Streamed> {
  withResponse(): Promise<{ data: Streamed; response: Response }>
  asResponse(): Promise<Response>
}
const openings: readonly ((client: OpenAI) => Opening)[] = [
  (client) => client.chat.completions.create({ ...chatBody, stream: true }),
  (client) => client.responses.create({ ...responseBody, stream: true }),
]
const [chatStream, responseStream] = openings.map((open): readonly Use[] => [
  async (client) => all(await open(client)),
  async (client) => all(await open(client), 2),
  async (client) => {
    const { data, response } = await open(client).withResponse()
    return [response.status, await all(data)]
  },
  async (client) => (await open(client).asResponse()).text(),
  async (client) => Promise.all((await open(client)).tee().map((half) => all(half))),
  async (client) => new Response((await open(client)).toReadableStream()).text(),
  async (client) => {
    const stream = await open(client)
    return [await all(stream), await all(stream).catch(String)]
  },
  async (client) => {
    const stream = await open(client)
    const found: unknown[] = []
    for await (const piece of stream) {
      found.push(piece)
      stream.controller.abort()
    }
    return found
  },
  async (client) => {
    const iterator = (await open(client))[Symbol.asyncIterator]()
    return [await iterator.next(), await iterator.return?.('left'), await iterator.next()]
  },
])
const helpers: readonly Use[] = [async (client) => client.chat.completions.parse(chatBody)]
const streamHelpers: readonly Use[] = [
  async (client) => {
    const completion = await client.chat.completions.stream(chatBody).finalChatCompletion()
    // The client makes up an id for a call that has none.
    return JSON.stringify(completion).replaceAll(/call_[0-9a-f-]{36}/g, 'call')
  },
  async (client) => all(client.chat.completions.stream(chatBody)),
]

const responseHelpers: readonly Use[] = [
  async (client) => client.responses.stream(responseBody).finalResponse(),
  async (client) => all(client.responses.stream(responseBody)),
]

/** What comes of a use, to the caller. */
async function resultOf(use: Use, client: OpenAI): Promise<unknown> {
  try {
    return { value: await use(client) }
  } catch (error) {
    if (!(error instanceof Error)) return { thrown: error }
    return {
      name: error.constructor.name,
      message: error.message,
      status: Reflect.get(error, 'status'),
    }
  }
}

test.each<[name: string, answer: fc.Arbitrary<Answer>, uses: readonly Use[] | undefined]>([
  ['a chat', whole(completion), [...(chat ?? []), ...helpers]],
  ['a response', whole(response), respond],
  [
    'embeddings',
    whole(
      fc.record({
        data: fc.array(
          fc.record({ embedding: fc.oneof(fc.base64String(), fc.array(fc.double())) }),
        ),
        usage,
      }),
    ),
    embed,
  ],
  ['a streamed chat', streamed(chunk), [...(chatStream ?? []), ...streamHelpers]],
  ['a streamed response', streamed(event), [...(responseStream ?? []), ...responseHelpers]],
])(
  '%s gives what it gives without us, and one span that has ended',
  async (_name, answer, uses = []) => {
    const faults: unknown[] = []
    const note = (fault: unknown) => faults.push(fault)
    process.on('unhandledRejection', note)
    const silent = () => undefined
    diag.setLogger({ error: note, warn: silent, info: silent, debug: silent, verbose: silent })
    const scenario = fc.tuple(answer, fc.nat(uses.length - 1))
    await fc.assert(
      fc.asyncProperty(scenario, async ([answered, index]) => {
        const use = uses[index]
        if (!use) throw new Error('a use')
        const plain = await resultOf(use, clientOf(answered))
        recorded.reset()
        const ours = await resultOf(use, instrumentOpenAI(clientOf(answered)))
        expect(ours).toStrictEqual(plain)
        // A helper tells of an error before it has left its stream.
        for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done))
        expect(recorded.spans()).toHaveLength(1)
      }),
      { numRuns: 200 },
    )
    process.off('unhandledRejection', note)
    diag.disable()
    expect(faults).toEqual([])
  },
  60_000,
)
