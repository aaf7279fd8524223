import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../../../open.ts'
import type { Proposal } from '../../../proposal.ts'
import type { Store } from '../../../store.ts'
import { type SpanSketch, span, traceId } from '../../../testing/spans.ts'
import { temporaryDirectory } from '../../../testing/temporary.ts'
import { openDatabase } from '../duckdb-store.ts'

const directory = temporaryDirectory()
let store: Store
let file: string
let files = 0

beforeEach(async () => {
  file = join(directory, `names-${files++}.duckdb`)
  store = await openStore(file)
})
afterEach(() => store.close())

const LOOK_UP = 'You look up orders. Use the tool.'
const next = 'Your input fields are: question. Choose the next tool.'
const last = 'Your input fields are: question. Choose the final words.'

type Place = Pick<SpanSketch, 'trace' | 'parent' | 'at'>

const call = (id: string, system: string, place: Place = {}, more = {}) =>
  span({
    ...{ id, name: 'chat m', ...place },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'system', parts: [{ type: 'text', content: system }] },
        { role: 'user', parts: [{ type: 'text', content: 'Where is order A-1042?' }] },
      ]),
      ...more,
    },
  })

const agent = (id: string, name: string, place: Place = {}) =>
  span({
    ...{ id, name: `invoke_agent ${name}`, ...place },
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name },
  })

const step = (id: string, name: string, place: Place = {}) => span({ id, name, ...place })

/** Milliseconds from the time at which the tests' spans start until now. */
const now = () => Date.now() - 1_790_000_000_000

const proposalFor = (parameter: string, baseVersion: string): Proposal => ({
  ...{ id: 'p-1', step: 's-1', parameter, baseVersion, baseValue: 'a', version: 'b', value: 'b' },
  ...{ optimizer: 'optoprime', model: 'm', runs: [], feedback: [], reasoning: '', llmCalls: [] },
  ...{ inputTokens: 0, outputTokens: 0, costUsd: null, status: 'open', note: '' },
  ...{ createdAt: '2026-11-23T00:00:00Z', decidedAt: null },
})

async function promptsOf(trace: string): Promise<Readonly<Record<string, unknown>>> {
  const { nodes, edges } = await store.graph(traceId(trace))
  const named = new Map(
    nodes.flatMap((node) => (node.kind === 'parameter' ? [[node.id, node] as const] : [])),
  )
  const pairs = edges.flatMap(({ from, to }) => {
    const parameter = named.get(from)
    return parameter ? [[`${to.slice(-1)} ${parameter.name}`, parameter.value]] : []
  })
  const inSql = await store.sql(
    `SELECT to_id[-1] || ' ' || split_part(from_id[7:], '@', 1) FROM v_edge
     WHERE trace_id = '${traceId(trace)}' AND starts_with(from_id, 'param:') ORDER BY ALL`,
  )
  expect(inSql.rows.map(([name]) => name)).toEqual(pairs.map(([name]) => name).sort())
  return Object.fromEntries(pairs)
}

const names = async () => (await store.parameters()).map(({ name }) => name).sort()

describe('a text that somebody has put in as a version', () => {
  const put = (name: string, value: string) =>
    store.addParameterVersion({ name, value, description: '', schema: null, trainable: true })

  it('is that of the prompt, though its first words are other ones', async () => {
    await store.writeSpans([call('1', LOOK_UP, { trace: 'a' })])
    const [name = ''] = await names()
    expect(name).toMatch(/^prompt\.you-look-up-orders/)
    await put(name, 'Act as a clerk. Use the tool.')
    await store.writeSpans([
      call('1', 'Act as a clerk. Use the tool.', { trace: 'b' }),
      call('2', 'Act as a poet.', { trace: 'b', at: 10 }),
    ])
    expect(Object.keys(await promptsOf('b'))).toEqual([`1 ${name}`, '2 prompt.act-as-a-poet'])
  })

  it('is that of the prompt with other space around it', async () => {
    await store.writeSpans([call('1', LOOK_UP, { trace: 'a' })])
    const [name = ''] = await names()
    await put(name, 'Act as a clerk. Use the tool.')
    const pasted = '\n  Act as a clerk. Use the tool.\n'
    await store.writeSpans([call('1', pasted, { trace: 'b' })])
    expect(await promptsOf('b')).toEqual({ [`1 ${name}`]: pasted })
  })

  it('is that of the one among the prompts of a caller, though it is more like another', async () => {
    await store.writeSpans([
      agent('1', 'router', { trace: 'a' }),
      call('2', next, { trace: 'a', parent: '1', at: 1 }),
      call('3', last, { trace: 'a', parent: '1', at: 2 }),
    ])
    const [, second = ''] = await names()
    const edited = 'Your input fields are: question. Choose the next tool, or the end.'
    await put(second, edited)
    await store.writeSpans([
      agent('1', 'router', { trace: 'b' }),
      call('2', edited, { trace: 'b', parent: '1' }),
    ])
    expect(await promptsOf('b')).toEqual({ [`2 ${second}`]: edited })
  })
})

describe('a prompt without a name', () => {
  it('is called after the agent around its call, whichever comes first', async () => {
    await store.writeSpans([call('2', LOOK_UP, { trace: 'a', parent: '1' })])
    await store.writeSpans([agent('1', 'order-agent', { trace: 'a' })])
    await store.writeSpans([
      agent('1', 'order-agent', { trace: 'b' }),
      call('2', LOOK_UP, { trace: 'b', parent: '1' }),
    ])
    expect(await promptsOf('a')).toEqual({ '2 order-agent.system': LOOK_UP })
    expect(await promptsOf('b')).toEqual({ '2 order-agent.system': LOOK_UP })
    expect(await names()).toEqual(['order-agent.system'])
  })

  it('is called after the nearest function, past what frameworks pack calls in', async () => {
    await store.writeSpans([
      step('1', 'POST /support', { trace: 'a' }),
      step('2', 'answer', { trace: 'a', parent: '1' }),
      step('3', 'RunnableSequence', { trace: 'a', parent: '2' }),
      call('4', LOOK_UP, { trace: 'a', parent: '3' }),
      step('1', 'agent_run [triage]', { trace: 'd' }),
      step('2', 'model_generation small', { trace: 'd', parent: '1' }),
      call('3', 'Sort the mail.', { trace: 'd', parent: '2' }),
      step('1', 'Letters.forward', { trace: 'e' }),
      step('2', 'ChainOfThought.forward', { trace: 'e', parent: '1' }),
      step('3', 'Predict(Reply).forward', { trace: 'e', parent: '2' }),
      call('4', 'Write a letter.', { trace: 'e', parent: '3' }),
      step('1', 'LangGraph', { trace: 'b' }),
      step('2', 'model', { trace: 'b', parent: '1' }),
      call('3', 'Write a poem.', { trace: 'b', parent: '2' }),
      call('1', 'Sum it up for a reader.', { trace: 'c' }),
      step('1', 'desk', { trace: 'f' }),
      step('2', 'AutoFunctionInvocationLoop', { trace: 'f', parent: '1' }),
      span({
        ...{ trace: 'f', id: '3', parent: '2', name: 'hand on' },
        attributes: { 'messaging.operation': 'process' },
      }),
      call('4', 'Answer letters.', { trace: 'f', parent: '3' }),
    ])
    expect(await promptsOf('a')).toEqual({ '4 answer.system': LOOK_UP })
    expect(await promptsOf('b')).toEqual({ '3 prompt.write-a-poem': 'Write a poem.' })
    expect(await promptsOf('e')).toEqual({ '4 Letters.forward.system': 'Write a letter.' })
    expect(await promptsOf('d')).toEqual({ '3 triage.system': 'Sort the mail.' })
    expect(await promptsOf('f')).toEqual({ '4 desk.system': 'Answer letters.' })
    expect(await promptsOf('c')).toEqual({
      '1 prompt.sum-it-up-for-a': 'Sum it up for a reader.',
    })
  })

  it('is called after the function that the span of its call has its name from, where nothing is around it', async () => {
    const alone = (trace: string, name: string, system: string) => {
      const input = { type: 'chat_messages', value: [{ role: 'system', content: system }] }
      return span({
        ...{ id: '2', trace, name },
        attributes: { 'langwatch.span.type': 'llm', 'langwatch.input': JSON.stringify(input) },
      })
    }
    await store.writeSpans([
      alone('a', 'answer_order', LOOK_UP),
      alone('b', 'answer_order', 'Be short.'),
      alone('c', 'openai_chat', LOOK_UP),
    ])
    expect(await promptsOf('a')).toEqual({ '2 answer_order.system': LOOK_UP })
    expect(await promptsOf('b')).toEqual({ '2 answer_order.system': 'Be short.' })
    expect(await promptsOf('c')).toEqual({ '2 prompt.you-look-up-orders-use': LOOK_UP })
  })

  it('keeps its name when its text changes', async () => {
    const texts = [LOOK_UP, 'Answer in French.', 'You look up orders. Use the tool twice.']
    for (const [index, text] of texts.entries()) {
      const place = { trace: `${index}`, at: index }
      await store.writeSpans([
        step('1', 'handle', place),
        call('2', text, { ...place, parent: '1' }),
      ])
      expect(await promptsOf(`${index}`)).toEqual({ '2 handle.system': text })
    }
    const [parameter] = await store.parameters()
    expect(parameter).toMatchObject({ name: 'handle.system', versions: 3 })
  })

  it('is one of several where one run has several texts, and is known again in others', async () => {
    const run = (trace: string, texts: readonly string[]) =>
      store.writeSpans([
        ...texts.map((text, index) =>
          call(`${index + 2}`, text, { trace, parent: '1', at: index }),
        ),
        step('1', 'handle', { trace }),
      ])
    await run('a', [next, last])
    expect(await promptsOf('a')).toEqual({
      '2 handle.system': next,
      '3 handle.system.final-words': last,
    })
    const changed = `${last} Be brief.`
    await run('b', [changed])
    expect(await promptsOf('b')).toEqual({ '2 handle.system.final-words': changed })
    await run('c', [last, next, last])
    expect(await promptsOf('c')).toEqual({
      '2 handle.system.final-words': last,
      '3 handle.system': next,
      '4 handle.system.final-words': last,
    })
    await store.close()
    store = await openStore(file)
    await run('d', [changed, `${next} Think first.`])
    expect(await promptsOf('d')).toEqual({
      '2 handle.system.final-words': changed,
      '3 handle.system': `${next} Think first.`,
    })
    expect(await names()).toEqual(['handle.system', 'handle.system.final-words'])
  })

  it('is known by what it says where another run had it alone', async () => {
    await store.writeSpans([
      step('1', 'handle', { trace: 'a' }),
      call('2', last, { trace: 'a', parent: '1' }),
    ])
    await store.writeSpans([
      step('1', 'handle', { trace: 'b' }),
      call('2', next, { trace: 'b', parent: '1' }),
      call('3', last, { trace: 'b', parent: '1', at: 1 }),
    ])
    expect(await promptsOf('b')).toEqual({
      '2 handle.system.next-tool': next,
      '3 handle.system': last,
    })
  })

  it('takes its history along when a run, whose spans came to several processes, has it beside another', async () => {
    const run = async (trace: string, at: number, texts: readonly string[]) => {
      await store.writeSpans([step('1', 'handle', { trace, at })])
      for (const [index, text] of texts.entries()) {
        await store.close()
        store = await openStore(file)
        const place = { trace, parent: '1', at: at + texts.length - index }
        await store.writeSpans([call(`${index + 2}`, text, place)])
      }
    }
    await run('a', 0, [LOOK_UP])
    await run('b', 10, ['Answer in French.'])
    expect(await promptsOf('b')).toEqual({ '2 handle.system': 'Answer in French.' })
    await run('c', 20, ['Answer in French.', LOOK_UP])
    const french = 'handle.system.answer-in-french'
    expect(await promptsOf('a')).toEqual({ '2 handle.system': LOOK_UP })
    expect(await promptsOf('b')).toEqual({ [`2 ${french}`]: 'Answer in French.' })
    expect(await promptsOf('c')).toEqual({
      [`2 ${french}`]: 'Answer in French.',
      '3 handle.system': LOOK_UP,
    })
    const versions = (await store.parameters()).map(({ name, versions }) => [name, versions])
    expect(versions.sort()).toEqual([
      ['handle.system', 1],
      [french, 1],
    ])
  }, 60_000)

  it('keeps the name under which something was proposed for it', async () => {
    const run = (trace: string, at: number, texts: readonly string[]) =>
      store.writeSpans([
        step('1', 'handle', { trace, at }),
        ...texts.map((text, index) => call(`${index + 2}`, text, { trace, parent: '1', at })),
      ])
    await run('a', 0, [LOOK_UP])
    await run('b', 10, ['Answer in French.'])
    const [latest] = await store.parameters()
    await store.addProposals([proposalFor(latest?.name ?? '', latest?.version ?? '')])
    await run('c', 20, [LOOK_UP, 'Answer in French.'])
    const versions = (await store.parameters()).map(({ name, versions }) => [name, versions])
    expect(versions).toEqual([['handle.system', 2]])
  })

  it('is one prompt with another time or number in each call', async () => {
    const at = (time: string) => `You plan trips. It is ${time}.`
    await store.writeSpans([
      step('1', 'plan', {}),
      call('2', at('10:41:02'), { parent: '1' }),
      call('3', at('10:41:09'), { parent: '1', at: 1 }),
    ])
    expect(await names()).toEqual(['plan.system'])
  })

  it('tells agents apart whose model calls have the same parent or begin alike', async () => {
    const named = { 'gen_ai.agent.name': 'refunds' }
    await store.writeSpans([
      step('1', 'handle', {}),
      call('2', 'You are a helpful assistant who looks up orders.', { parent: '1' }, named),
      call('3', 'You are a helpful assistant who writes letters.', { parent: '1' }, named),
      call('4', 'You are a helpful assistant who translates.', { trace: 'b' }),
      call('5', 'You are a helpful assistant who sums up.', { trace: 'b', at: 1 }),
    ])
    expect(await names()).toEqual([
      'prompt.you-are-a-helpful-assistant',
      'prompt.you-are-a-helpful-assistant.sums-up',
      'refunds.system',
      'refunds.system.writes-letters',
    ])
  })

  it('of numbered agents is theirs together, or one of several where their texts differ', async () => {
    await store.writeSpans([
      agent('1', 'Worker 17', { trace: 'a' }),
      call('2', LOOK_UP, { trace: 'a', parent: '1' }, { 'gen_ai.agent.name': 'Worker 17' }),
      agent('3', 'Worker 18', { trace: 'a' }),
      call('4', LOOK_UP, { trace: 'a', parent: '3' }, { 'gen_ai.agent.name': 'Worker 18' }),
      agent('5', 'Worker 19', { trace: 'a' }),
      call('6', 'Write a letter.', { trace: 'a', parent: '5' }),
      agent('7', 'agent-2', { trace: 'a' }),
      call('8', LOOK_UP, { trace: 'a', parent: '7' }),
    ])
    expect(await names()).toEqual([
      'Worker.system',
      'Worker.system.write-a-letter',
      'agent-2.system',
    ])
  })

  it('of a script without Latin letters has a name of its own', async () => {
    await store.writeSpans([
      call('1', '你查询订单。使用工具。', { trace: 'a' }),
      call('2', '你写一封信。', { trace: 'a', at: 1 }),
    ])
    const [first, second, ...others] = await names()
    expect(others).toEqual([])
    expect(first).toMatch(/^prompt\.text-[0-9a-f]{8}$/)
    expect(second).not.toBe(first)
  })
})

describe('a run that has not ended', () => {
  it('shows a prompt under its first words, and forgets that name', async () => {
    await store.writeSpans([call('2', LOOK_UP, { parent: '1', at: now() })])
    expect(await promptsOf('a')).toEqual({ '2 prompt.you-look-up-orders-use': LOOK_UP })
    expect(await promptsOf('a')).toEqual({ '2 prompt.you-look-up-orders-use': LOOK_UP })
    await store.writeSpans([agent('1', 'order-agent', { at: now() })])
    expect(await promptsOf('a')).toEqual({ '2 order-agent.system': LOOK_UP })
    expect(await names()).toEqual(['order-agent.system'])
    const uses = await store.sql('SELECT name FROM v_parameter_use')
    expect(uses.rows).toEqual([['order-agent.system']])
  })

  it('has the names that it would have if it came at once', async () => {
    const spans = (trace: string) => [
      call('2', LOOK_UP, { trace, parent: '1', at: 1 }),
      call('3', 'Write a letter.', { trace, parent: '1', at: 2 }),
      step('1', `flow-${trace}`, { trace }),
    ]
    for (const one of spans('a').slice(0, 1)) await store.writeSpans([one])
    await store.writeSpans(spans('a').slice(1))
    expect(Object.keys(await promptsOf('a'))).toEqual([
      '2 flow-a.system',
      '3 flow-a.system.write-a-letter',
    ])
    await store.writeSpans(spans('b').slice(0, 1))
    await store.close()
    store = await openStore(file)
    await store.writeSpans(spans('b').slice(1))
    expect(Object.keys(await promptsOf('b'))).toEqual([
      '2 flow-b.system',
      '3 flow-b.system.write-a-letter',
    ])
  }, 60_000)

  it('is waited for across a restart', async () => {
    await store.writeSpans([call('2', LOOK_UP, { parent: '1', at: now() })])
    await store.close()
    store = await openStore(file)
    await store.writeSpans([agent('1', 'order-agent', { at: now() })])
    expect(await names()).toEqual(['order-agent.system'])
  })

  describe('is waited for', () => {
    const late = async () => {
      const open = await openDatabase(':memory:')
      const found = async () => (await open.store.parameters()).map(({ name }) => name)
      const pass = (hours: number) =>
        open.database.write((connection) =>
          connection.run(`UPDATE span SET received_ns = received_ns - ${hours * 3.7e12}::UBIGINT`),
        )
      return { ...open.store, found, pass }
    }

    it('no longer than an hour after it was last heard of', async () => {
      const { writeSpans, found, pass, close } = await late()
      await writeSpans([call('2', LOOK_UP, { parent: '1', at: now() })])
      await pass(1)
      expect(await found()).toEqual(['prompt.you-look-up-orders-use'])
      await writeSpans([agent('1', 'order-agent', { at: now() })])
      expect(await found()).toEqual(['prompt.you-look-up-orders-use'])
      await close()
    })

    it('for hours while it is heard of, and however long ago it was', async () => {
      const { writeSpans, found, pass, close } = await late()
      await writeSpans([call('2', LOOK_UP, { parent: '1' })])
      expect(await found()).toEqual(['prompt.you-look-up-orders-use'])
      await pass(3)
      await writeSpans([call('3', LOOK_UP, { parent: '1', at: 9e6 })])
      expect(await found()).toEqual(['prompt.you-look-up-orders-use'])
      await writeSpans([agent('1', 'order-agent')])
      expect(await found()).toEqual(['order-agent.system'])
      await close()
    })
  })

  it('is looked at though nobody reads, when many wait', async () => {
    const open = await openDatabase(':memory:')
    const traces = (first: string) => Array.from({ length: 2_100 }, (_, index) => first + index)
    const calls = (first: string) =>
      traces(first).map((trace) => call('2', LOOK_UP, { trace, parent: '1', at: now() }))
    await open.store.writeSpans(calls('a'))
    const agents = traces('a').map((trace) => agent('1', 'order-agent', { trace, at: now() }))
    await open.store.writeSpans([...agents, ...calls('b')])
    const left = await open.database.rows(
      "SELECT DISTINCT left(ltrim(trace_id, '0'), 1) AS run FROM unnamed_prompt",
    )
    expect(left).toEqual([{ run: 'b' }])
    await open.store.close()
  }, 60_000)
})

describe('the same prompt', () => {
  it('has the name that an agent around the call has for it', async () => {
    await store.writeSpans([
      span({
        id: '1',
        name: 'agent',
        attributes: {
          'langfuse.observation.type': 'agent',
          'langfuse.observation.prompt.name': 'support/orders',
          'langfuse.observation.input': JSON.stringify([{ role: 'system', content: LOOK_UP }]),
        },
      }),
      call('2', LOOK_UP, { parent: '1' }),
    ])
    expect(await names()).toEqual(['support/orders'])
  })
})
