import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../open.ts'
import type { SpanRecord } from '../otlp/records.ts'
import type { Store } from '../store.ts'
import { type SpanSketch, span } from '../testing/spans.ts'
import { unreadable } from '../testing/unreadable.ts'
import { checkTraces } from './check-traces.ts'

let store: Store
beforeEach(async () => {
  store = await openStore(':memory:')
})
afterEach(() => store.close())

it('tells of a prompt into which a program fills something', async () => {
  const of = (index: number, system: string) =>
    span({
      ...{ id: '1', trace: String(index), name: 'chat m' },
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.agent.name': 'helper',
        'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: system }]),
      },
    })
  const names = ['Ann', 'Bob', 'Cy', 'Dee', 'Eve', 'Fay']
  await store.writeSpans(
    names.map((name, index) => of(index + 1, `You help ${name} with parcels.`)),
  )
  const { filledPrompts, advice } = await checkTraces(store)
  expect(filledPrompts).toEqual([{ name: 'helper.system', runs: 6, texts: 6 }])
  expect(advice.find(({ lack }) => lack === 'prompt-template')?.found).toBe(
    'helper.system has 6 texts in 6 runs: the program fills something in.',
  )
  await store.writeSpans(names.map((_, index) => of(index + 7, 'You help with parcels.')))
  expect((await checkTraces(store)).filledPrompts).toEqual([])
})

function from(scope: string, version: string, sketch: SpanSketch): SpanRecord {
  return { ...span(sketch), scope: { name: scope, version, attributes: new Map(), schemaUrl: '' } }
}

const asked = (text: string) =>
  JSON.stringify([
    { role: 'system', parts: [{ type: 'text', content: 'Be brief and kind to people.' }] },
    { role: 'user', parts: [{ type: 'text', content: text }] },
  ])
const answered = (text: string) =>
  JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: text }] }])

const complete = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.agent.name': 'helper',
  'gen_ai.conversation.id': 'c-1',
  'gen_ai.usage.input_tokens': 9n,
  'gen_ai.usage.output_tokens': 3n,
  'gen_ai.tool.definitions': JSON.stringify([
    { type: 'function', name: 'look_up', description: 'Finds a parcel.' },
  ]),
}

/** A run that has everything: its second call reads what its first one answered. */
const whole = [
  from('opentelemetry.instrumentation.openai_v2', '2.3', {
    trace: 'a',
    id: '1',
    attributes: {
      ...complete,
      'gen_ai.input.messages': asked('Where is parcel 17?'),
      'gen_ai.output.messages': answered('It is in the depot of Lyon.'),
    },
  }),
  from('opentelemetry.instrumentation.openai_v2', '2.3', {
    trace: 'a',
    id: '2',
    at: 5,
    attributes: {
      ...complete,
      'gen_ai.input.messages': asked('Translate: It is in the depot of Lyon.'),
      'gen_ai.output.messages': answered('Il est au dépôt de Lyon.'),
    },
  }),
]

/** A call of the Vercel AI SDK whose recording of inputs and outputs is off. */
const silent = from('ai', '6.0.1', {
  trace: 'b',
  id: '3',
  attributes: {
    'ai.operationId': 'ai.generateText.doGenerate',
    'ai.model.id': 'm',
    'ai.settings.maxRetries': 2n,
    'ai.request.headers.user-agent': 'secret value',
  },
})

/** A call of OpenInference with a tool that nobody describes. */
const openinference = [
  from('@arizeai/openinference-instrumentation-openai', '4', {
    trace: 'c',
    id: '4',
    attributes: {
      'openinference.span.kind': 'LLM',
      'llm.input_messages.0.message.role': 'system',
      'llm.input_messages.0.message.content': 'Be brief and kind to people.',
      'llm.input_messages.1.message.role': 'user',
      'llm.input_messages.1.message.content': 'Where is it?',
      'llm.output_messages.0.message.role': 'assistant',
      'llm.output_messages.0.message.content': 'In Lyon.',
      'session.id': 's',
      'llm.cost.17.unheard_of': 1n,
      'http.method': 'POST',
    },
  }),
  from('@arizeai/openinference-instrumentation-openai', '4', {
    trace: 'c',
    id: '5',
    parent: '4',
    at: 1,
    attributes: { 'openinference.span.kind': 'TOOL', 'tool.name': 'look_up' },
  }),
]

const unknown = span({ trace: 'd', id: '6', attributes: { 'unheard.of': 'x', 'trace2.op': 'o' } })

describe('what traces have', () => {
  it('finds nothing to change where everything is there', async () => {
    await store.writeSpans(whole)
    const { advice, modelCalls, edges, unread } = await checkTraces(store)
    expect(advice).toEqual([])
    expect(modelCalls).toEqual([
      {
        scope: 'opentelemetry.instrumentation.openai_v2',
        dialect: 'gen_ai',
        calls: 2,
        messages: 2,
        prompts: 2,
        unnamed: 0,
        tools: 2,
        undescribed: 0,
        tokens: 2,
        sessions: 2,
      },
    ])
    expect(edges).toEqual({ runs: 1, calls: 1, connected: 1 })
    expect(unread.keys).toEqual([])
  })

  it('says who sent the spans, and what each dialect read', async () => {
    await store.writeSpans([...whole, silent, ...openinference, unknown])
    const { spans, senders, dialects } = await checkTraces(store)
    expect(spans).toBe(6)
    expect(senders.map(({ scope, version, spans }) => [scope, version, spans])).toEqual([
      ['@arizeai/openinference-instrumentation-openai', '4', 2],
      ['opentelemetry.instrumentation.openai_v2', '2.3', 2],
      ['ai', '6.0.1', 1],
      ['test', '1', 1],
    ])
    expect(dialects).toMatchObject([
      { dialect: 'gen_ai', spans: 2, modelCalls: 2, unknown: 0 },
      { dialect: 'openinference', spans: 2, modelCalls: 1, toolCalls: 1, unknown: 0 },
      { dialect: 'otel', spans: 1, modelCalls: 0, unknown: 1 },
      { dialect: 'vercel_ai', spans: 1, modelCalls: 1, unknown: 0 },
    ])
  })

  it('names the setting of the SDK that does not record content', async () => {
    await store.writeSpans([silent])
    const { advice } = await checkTraces(store)
    expect(advice).toMatchObject([
      { lack: 'messages', scope: 'ai', remedy: expect.stringContaining('recordInputs') },
      { lack: 'tokens' },
      { lack: 'session', remedy: expect.stringContaining('ai.telemetry.metadata.sessionId') },
    ])
  })

  it('tells of prompts without a name and of tools that nobody describes', async () => {
    await store.writeSpans(openinference)
    const { advice } = await checkTraces(store)
    expect(advice).toMatchObject([
      { lack: 'prompt-name', remedy: expect.stringContaining('agent.name') },
      { lack: 'tools', remedy: expect.stringContaining('llm.tools.*') },
      { lack: 'tokens' },
    ])
  })

  it('tells that no span is a model call', async () => {
    await store.writeSpans([unknown])
    expect((await checkTraces(store)).advice).toMatchObject([{ lack: 'model-calls', scope: null }])
  })

  it('tells of a model call that no dialect knows, and what it is to be called', async () => {
    const own = {
      'acme.llm.model': 'm',
      'acme.llm.system_prompt': 'You look up orders.',
      'acme.llm.input': '[{"role":"user","content":"Where?"}]',
      'acme.llm.output': 'In Hamburg.',
    }
    const camel = { 'bot.modelName': 'm', 'bot.userMessages': '[]', 'bot.promptTokens': 3n }
    await store.writeSpans([
      ...whole,
      from('acme', '1', { trace: 'e', id: '7', attributes: own }),
      from('bot', '1', { trace: 'f', id: '8', attributes: camel }),
    ])
    const { advice, lookalikes } = await checkTraces(store)
    expect(lookalikes).toEqual([
      {
        scope: 'acme',
        spans: 1,
        keys: {
          model: 'acme.llm.model',
          instructions: 'acme.llm.system_prompt',
          input: 'acme.llm.input',
          output: 'acme.llm.output',
        },
      },
      {
        scope: 'bot',
        spans: 1,
        keys: { model: 'bot.modelName', input: 'bot.userMessages', tokens: 'bot.promptTokens' },
      },
    ])
    expect(advice).toMatchObject([
      {
        lack: 'dialect',
        scope: 'acme',
        found: '1 span of no known dialect looks like a model call, and is read as none.',
        remedy: expect.stringMatching(
          /gen_ai\.operation\.name "chat", .*gen_ai\.system_instructions \(here acme\.llm\.system_prompt\)/,
        ),
      },
      { lack: 'dialect', scope: 'bot' },
    ])
  })

  it.each<Record<string, string>>([
    { 'car.model': 'T', 'car.input': 'x', 'car.output': 'y' },
    { 'http.request.tokens': '1', 'http.response.model': 'x' },
    { 'auth.token': 'x' },
    { 'job.messages': '3' },
  ])('takes no other span for one: %j', async (attributes) => {
    await store.writeSpans([span({ id: '1', attributes })])
    expect((await checkTraces(store)).lookalikes).toEqual([])
  })

  it('tells of spans whose reading has failed', async () => {
    await store.writeSpans([unreadable(), ...whole])
    const { advice, dialects } = await checkTraces(store)
    expect(dialects).toContainEqual(expect.objectContaining({ dialect: 'unread', spans: 1 }))
    expect(advice).toMatchObject([
      { lack: 'reading', found: expect.stringContaining('T2_SPAN_UNREAD') },
    ])
  })

  it('tells of calls that read nothing of what was there', async () => {
    const [first, second] = whole
    if (!first || !second) throw new Error('the run is missing')
    const apart = new Map([...second.attributes, ['gen_ai.input.messages', asked('Hello there!')]])
    await store.writeSpans([first, { ...second, attributes: apart }])
    const { advice, edges } = await checkTraces(store)
    expect(edges).toMatchObject({ calls: 1, connected: 0 })
    expect(advice).toMatchObject([{ lack: 'edges', dialect: null }])
  })

  it('lists names that nothing reads, without what stands under them', async () => {
    await store.writeSpans([silent, ...openinference, unknown])
    const { unread } = await checkTraces(store)
    expect(unread).toEqual({
      spans: 4,
      keys: [
        {
          key: 'ai.request.headers.user-agent',
          example: 'ai.request.headers.user-agent',
          dialect: 'vercel_ai',
          spans: 1,
        },
        {
          key: 'ai.settings.maxRetries',
          example: 'ai.settings.maxRetries',
          dialect: 'vercel_ai',
          spans: 1,
        },
        {
          key: 'llm.cost.#.unheard_of',
          example: 'llm.cost.17.unheard_of',
          dialect: 'openinference',
          spans: 1,
        },
        { key: 'unheard.of', example: 'unheard.of', dialect: 'otel', spans: 1 },
      ],
      more: 0,
      general: 1,
    })
    expect(JSON.stringify(unread)).not.toContain('secret value')
  })

  it('cuts long names, and changes nothing else of them', async () => {
    const name = `\u001b[31m${'x'.repeat(5000)}`
    await store.writeSpans([span({ id: '1', attributes: { [name]: 1n } })])
    const [key] = (await checkTraces(store)).unread.keys
    expect(key?.example).toMatch(/x…$/)
    expect(key?.example).toHaveLength(80)
    expect(key?.example).toContain('\u001b')
  })

  it('finds nothing in an empty store', async () => {
    expect(await checkTraces(store)).toEqual({
      spans: 0,
      ignoredEvents: [],
      senders: [],
      dialects: [],
      modelCalls: [],
      lookalikes: [],
      filledPrompts: [],
      edges: { runs: 0, calls: 0, connected: 0 },
      unread: { spans: 0, keys: [], more: 0, general: 0 },
      advice: [],
    })
  })
})
