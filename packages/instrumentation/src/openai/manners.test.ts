import OpenAI, { AzureOpenAI } from 'openai'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { instrumentOpenAI, parameter } from '../index.ts'
import { collectGarbage } from '../testing/collect.ts'
import { completion, completionChunks, startModelServer } from '../testing/model-server.ts'
import { edgesOf, recordSpans, spanOf } from '../testing/record.ts'

const recorded = recordSpans()
let server: Awaited<ReturnType<typeof startModelServer>>
beforeAll(async () => {
  server = await startModelServer()
})
afterEach(() => recorded.reset())
afterAll(async () => {
  await server.close()
  await recorded.stop()
})

const options = () => ({ baseURL: server.url, apiKey: 'none', maxRetries: 0 })
const newClient = () => instrumentOpenAI(new OpenAI(options()))
const body = { model: 'm', messages: [{ role: 'user' as const, content: 'Well?' }] }

/** The rejections that nobody handles when all that `act` began is over. */
async function unhandled(act: () => unknown): Promise<unknown[]> {
  const reasons: unknown[] = []
  const note = (reason: unknown) => reasons.push(reason)
  process.on('unhandledRejection', note)
  await act()
  for (let turn = 0; turn < 50; turn++) await new Promise((done) => setImmediate(done))
  process.off('unhandledRejection', note)
  return reasons
}

test('an error that nobody handles stays one, and one that is handled makes no other', async () => {
  const fetch = async () => Response.json({ error: { message: 'no' } }, { status: 400 })
  const uses: ((client: OpenAI) => unknown)[] = [
    (client) => void client.chat.completions.create(body),
    (client) => void client.chat.completions.create(body).then(() => 1),
    (client) => void client.chat.completions.create(body).asResponse(),
    (client) => void client.chat.completions.create(body).withResponse(),
    (client) => client.chat.completions.create(body).catch(() => 1),
    (client) =>
      client.chat.completions
        .create(body)
        .finally(() => 1)
        .catch(() => 1),
    (client) =>
      client.chat.completions
        .create(body)
        .asResponse()
        .catch(() => 1),
    (client) =>
      client.chat.completions
        .create(body)
        .withResponse()
        .catch(() => 1),
  ]
  for (const [index, use] of uses.entries()) {
    const refused = () => new OpenAI({ ...options(), fetch })
    const plain = await unhandled(() => use(refused()))
    expect(plain).toHaveLength(index < 4 ? 1 : 0)
    recorded.reset()
    const ours = await unhandled(() => use(instrumentOpenAI(refused())))
    expect([index, ours.map(String)]).toEqual([index, plain.map(String)])
    expect(spanOf(recorded.spans(), 'openai.chat').status.code).toBe(2)
  }
})

test("an error of another package's promise that nobody handles stays one", async () => {
  const client = foreign(() => Promise.reject(new Error('no')))
  const { completions } = client.chat
  const ask = (): unknown => Reflect.apply(completions.create, completions, [body])
  expect(await unhandled(() => void ask())).toHaveLength(1)
  expect(await unhandled(() => Promise.resolve(ask()).catch(() => 1))).toEqual([])
  expect(recorded.spans().map(({ status }) => status.code)).toEqual([2, 2])
})

test('a response that nobody asks for is not read, and its span ends when it is collected', async () => {
  let read = 0
  const client = instrumentOpenAI(
    new OpenAI({
      ...options(),
      fetch: async () => {
        const response = Response.json(completion({ content: 'Yes.' }).json)
        const json = async () => {
          read++
          return completion({ content: 'Yes.' }).json
        }
        return Object.assign(response, { json })
      },
    }),
  )
  await (async () => void client.chat.completions.create(body))()
  await vi.waitFor(
    async () => {
      await collectGarbage()
      expect(recorded.spans()).toHaveLength(1)
    },
    { timeout: 5_000 },
  )
  expect(read).toBe(0)
  expect(spanOf(recorded.spans(), 'openai.chat').attributes['output.value']).toBeUndefined()
})

/** A client of another package, of which only the shape is known. */
function foreign<T>(create: () => T) {
  return instrumentOpenAI({ chat: { completions: { create } } })
}

const answer = { choices: [{ message: { content: 'Yes.' } }] }

test('a thenable that is no promise is asked when the caller asks, and as often', async () => {
  let asked = 0
  const client = foreign(() => ({
    // biome-ignore lint/suspicious/noThenProperty: a lazy request is what is tested
    then(onValue: (value: unknown) => unknown) {
      asked++
      return Promise.resolve(answer).then(onValue)
    },
  }))
  const { create } = client.chat.completions
  const request: PromiseLike<unknown> = Reflect.apply(create, client.chat.completions, [body])
  await new Promise((done) => setTimeout(done, 10))
  expect([asked, recorded.spans().length]).toEqual([0, 0])
  expect(await request).toBe(answer)
  expect(asked).toBe(1)
  expect(spanOf(recorded.spans(), 'openai.chat').attributes['output.value']).toBe('Yes.')
})

class OwnPromise<T> extends Promise<T> {
  static made = 0
  constructor(start: ConstructorParameters<typeof Promise<T>>[0]) {
    super(start)
    OwnPromise.made++
  }
}

test.each<[name: string, create: () => unknown, expected: string | undefined]>([
  ['a promise', async () => answer, 'Yes.'],
  ['a promise of its own class', () => OwnPromise.resolve(answer), 'Yes.'],
  ['a frozen promise', () => Object.freeze(OwnPromise.resolve(answer)), undefined],
  ['a value', () => answer, 'Yes.'],
])('a client of another package may answer with %s', async (_name, create, expected) => {
  const client = foreign(create)
  const result: unknown = Reflect.apply(client.chat.completions.create, undefined, [body])
  expect(await result).toBe(answer)
  expect(spanOf(recorded.spans(), 'openai.chat').attributes['output.value']).toBe(expected)
})

test('what cannot be looked at is handed on', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const strict = new Proxy(
    {},
    {
      get() {
        throw new Error('do not look')
      },
    },
  )
  for (const result of [proxy, strict]) {
    const client = foreign(() => result)
    expect(Reflect.apply(client.chat.completions.create, undefined, [body])).toBe(result)
    expect(recorded.spans()).toHaveLength(1)
    recorded.reset()
  }
})

test('methods keep their name and length, work bound, and throw what they threw', async () => {
  const plain = new OpenAI(options())
  const client = newClient()
  for (const key of ['create', 'parse', 'stream', 'runTools'] as const) {
    const [ours, theirs] = [client, plain].map(({ chat }) => chat.completions[key])
    expect([ours?.name, ours?.length]).toEqual([theirs?.name, theirs?.length])
  }
  expect(Object.keys(client.chat.completions)).toEqual(Object.keys(plain.chat.completions))
  const { completions } = client.chat
  server.reply(completion({ content: 'Yes.' }))
  const create = completions.create.bind(completions)
  expect((await create(body)).choices).toHaveLength(1)
  const { create: unbound } = completions
  expect(() => Reflect.apply(unbound, undefined, [body])).toThrow(TypeError)
  expect(recorded.spans().map(({ status }) => status.code)).toEqual([0, 2])
})

test('requests that are odd fail as they fail without us', async () => {
  const circle: Record<string, unknown> = { role: 'user', content: 'Well?' }
  circle.circle = circle
  const friends = Array.from({ length: 10 }, (_friend, index) => ({
    index,
    friends: [] as object[],
  }))
  for (const friend of friends) friend.friends = friends
  const throwing = {
    get content(): string {
      throw new Error('do not look')
    },
  }
  const requests: unknown[] = [
    undefined,
    null,
    'text',
    [],
    { model: 'm', messages: undefined },
    { model: 'm', messages: 'text' },
    { model: 'm', messages: [undefined, null, 3, 'text', [], { content: 3 }, { role: {} }] },
    { model: 'm', messages: [circle] },
    { model: 'm', messages: friends },
    { model: 'm', messages: [throwing, { role: 'user', content: 'Well?' }] },
    Object.freeze({
      model: 'm',
      messages: Object.freeze([Object.freeze({ role: 'user', content: 'x' })]),
    }),
  ]
  const ask = async (client: OpenAI, request: unknown) => {
    try {
      return await Reflect.apply(client.chat.completions.create, client.chat.completions, [request])
    } catch (error) {
      return String(error)
    }
  }
  for (const [index, request] of requests.entries()) {
    const fetch = async () => Response.json(completion({ content: 'Yes.' }).json)
    const plain = await ask(new OpenAI({ ...options(), fetch }), request)
    recorded.reset()
    const ours = await ask(instrumentOpenAI(new OpenAI({ ...options(), fetch })), request)
    expect([index, ours]).toEqual([index, plain])
    expect(recorded.spans().length).toBe(
      typeof request === 'object' && request !== null && !Array.isArray(request) ? 1 : 0,
    )
  }
})

test('a message that cannot be read costs only itself', async () => {
  const odd = {
    role: 'user',
    get content(): string {
      throw new Error('do not look')
    },
    toJSON: () => ({ role: 'user', content: 'odd' }),
  }
  server.reply(completion({ content: 'Yes.' }))
  const client = newClient()
  const messages = [odd, { role: 'user', content: 'Well?' }]
  await Reflect.apply(client.chat.completions.create, client.chat.completions, [
    { model: 'm', messages },
  ])
  const { attributes } = spanOf(recorded.spans(), 'openai.chat')
  expect(attributes['input.value']).toBe('{"messages/1/user":"Well?"}')
})

test('a parameter in a frozen message arrives as its value', async () => {
  const system = parameter('manners-test.system', 'Be kind.')
  const messages = Object.freeze([Object.freeze({ role: 'system', content: system })])
  server.reply(completion({ content: 'Yes.' }))
  const client = newClient()
  const { completions } = client.chat
  await Reflect.apply(completions.create, completions, [Object.freeze({ model: 'm', messages })])
  expect(server.requests().at(-1)).toMatchObject({ messages: [{ content: 'Be kind.' }] })
  expect(edgesOf(recorded.spans(), 'openai.chat')).toEqual([
    'messages/0/system=param:manners-test.system',
  ])
})

test("Azure's client is one of this kind", async () => {
  const azure = instrumentOpenAI(
    new AzureOpenAI({
      endpoint: 'https://shop.openai.azure.com',
      apiKey: 'none',
      apiVersion: '2024-10-21',
      deployment: 'd',
      fetch: async () => Response.json(completion({ content: 'Yes.' }).json),
    }),
  )
  await azure.chat.completions.create(body)
  const { attributes } = spanOf(recorded.spans(), 'openai.chat')
  expect([attributes['gen_ai.provider.name'], attributes['output.value']]).toEqual([
    'azure.ai.openai',
    'Yes.',
  ])
})

test('a stream that breaks keeps what had come, and is an error', async () => {
  server.reply({
    events: completionChunks([{ reasoning: 'Let me see.' }, { content: 'The parcel ' }]).slice(
      0,
      2,
    ),
    breaks: true,
  })
  const read = async () => {
    for await (const _chunk of await newClient().chat.completions.create({
      ...body,
      stream: true,
    }));
  }
  await expect(read()).rejects.toThrow()
  const { attributes, status } = spanOf(recorded.spans(), 'openai.chat')
  expect([attributes['output.value'], status.code]).toEqual(['The parcel ', 2])
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'Let me see.' },
        { type: 'text', content: 'The parcel ' },
      ],
      finish_reason: 'error',
    },
  ])
})

test('a second reader of a stream does not end it for the first', async () => {
  server.reply({ events: completionChunks([{ content: 'The parcel ' }, { content: 'is here.' }]) })
  const stream = await newClient().chat.completions.create({ ...body, stream: true })
  let text = ''
  for await (const chunk of stream) {
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow('consumed')
    text += chunk.choices[0]?.delta.content ?? ''
  }
  const { attributes, status } = spanOf(recorded.spans(), 'openai.chat')
  expect([text, attributes['output.value'], status.code]).toEqual([
    'The parcel is here.',
    'The parcel is here.',
    0,
  ])
})

test('the iterator of a stream is the one that it is without us', async () => {
  const events = completionChunks([{ content: 'Yes.' }])
  server.reply({ events }, { events })
  const open = async (client: OpenAI) =>
    (await client.chat.completions.create({ ...body, stream: true }))[Symbol.asyncIterator]()
  const [ours, plain] = [await open(newClient()), await open(new OpenAI(options()))]
  expect(Object.prototype.toString.call(ours)).toBe(Object.prototype.toString.call(plain))
  const prototypes = [ours, plain].map((iterator) =>
    Object.getPrototypeOf(Object.getPrototypeOf(iterator)),
  )
  expect(prototypes[0]).toBe(prototypes[1])
  await ours.return?.()
  await plain.return?.()
})
