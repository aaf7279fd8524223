import { run } from '@trace2/instrumentation'
import { describe, expect, it } from 'vitest'
import { evaluationErrors } from '../errors.ts'
import { testAgent } from '../testing/agent.ts'
import { chatServer } from '../testing/chat-server.ts'
import { guideOf } from './definitions.ts'
import { guideIdentifier } from './guide.ts'
import { judge } from './judge.ts'

/** A store with one run per ticket; a short ticket is answered `Hello! (short ticket)`. */
async function storeWith(...tickets: string[]) {
  const agent = await testAgent()
  for (const ticket of tickets) agent.answer(ticket)
  await agent.flush()
  return agent.store
}

const tickets = (count: number) =>
  Array.from({ length: count }, (_, at) => `ticket number ${at} `.repeat(at % 2 === 0 ? 1 : 9))

const short = guideOf({ kind: 'contains', text: 'short' })
const rubric = guideOf({ kind: 'rubric', rubric: 'It must be kind.', model: 'gpt-4o-mini' })
const kind = JSON.stringify({ reasoning: 'r', comment: 'Kind.', score: 0.75 })

describe('judging stored runs', () => {
  it('stores what the guide says of each as feedback, under the hash of its definition', async () => {
    const store = await storeWith(...tickets(2))
    const result = await judge(store, short)
    expect(result).toMatchObject({ runs: 2, before: 0, failures: [] })
    const stored = await store.feedback()
    expect(stored.map(({ score }) => score).sort()).toEqual([0, 1])
    for (const one of stored) {
      expect(one).toMatchObject({
        name: 'contains',
        source: 'code',
        spanId: null,
        identifier: guideIdentifier(short),
        comment: expect.stringContaining('“short”'),
      })
    }
  })

  it('judges nothing twice, unless told to; another guide judges for itself', async () => {
    const store = await storeWith('one', 'two')
    await judge(store, short)
    expect(await judge(store, short)).toMatchObject({ feedback: [], before: 2 })
    const again = await judge(store, short, { again: true })
    expect(again.feedback).toHaveLength(2)
    expect(await store.feedback()).toHaveLength(2)
    await judge(store, guideOf({ kind: 'contains', text: 'Hello' }))
    expect(await store.feedback()).toHaveLength(4)
  })

  it('reaches calls inside of a run by the name of their operator', async () => {
    const store = await storeWith('one')
    const [one] = await store.runs()
    const exact = guideOf({ kind: 'exact', expected: 'short', name: 'label' })
    const { feedback } = await judge(store, exact, { target: 'classify' })
    expect(feedback).toMatchObject([{ score: 1, name: 'label', traceId: one?.traceId }])
    const graph = await store.graph(one?.id ?? '')
    const node = graph.nodes.find((each) => each.id.endsWith(feedback[0]?.spanId ?? 'none'))
    expect(node).toMatchObject({ op: 'classify' })
  })

  it('scores a run that failed 0, with the error as words', async () => {
    const { store, flush } = await testAgent()
    const failing = run('failing', (ticket: string): string => {
      throw new RangeError(`no ${ticket}`)
    })
    expect(() => failing('seven')).toThrow()
    await flush()
    const { feedback } = await judge(store, short)
    expect(feedback).toMatchObject([{ score: 0, comment: 'It failed: “RangeError: no seven”.' }])
  })

  it('compares with the reference of the run, or of its input', async () => {
    const store = await storeWith('one', 'two', 'three')
    const [latest] = await store.runs()
    const { feedback, failures } = await judge(store, guideOf({ kind: 'exact' }), {
      references: [
        { run: latest?.id ?? '', reference: 'Hello! (short ticket)' },
        { input: 'two', reference: 'Hello! (long ticket)' },
        { input: { ticket: 'three' }, reference: 'not this one' },
      ],
    })
    expect(feedback.map(({ score }) => score).sort()).toEqual([0, 1])
    expect(failures).toMatchObject([{ code: 'T2_REFERENCE_MISSING' }])
  })

  it('stores the parts of a combination where that is asked for', async () => {
    const store = await storeWith('one')
    const both = guideOf({
      kind: 'weighted',
      name: 'quality',
      guides: [
        { guide: { kind: 'contains', text: 'short' } },
        { guide: { kind: 'exact', expected: 'x' } },
      ],
    })
    await judge(store, both, { parts: true })
    const stored = await store.feedback()
    expect(Object.fromEntries(stored.map(({ name, score }) => [name, score]))).toEqual({
      quality: 0.5,
      'quality/contains': 1,
      'quality/exact': 0,
    })
  })

  it('lists the values about which the guide fails, and judges the others', async () => {
    const store = await storeWith('one', 'two')
    const odd = {
      name: 'odd',
      definition: 'odd',
      source: 'code',
      judge: ({ input }: { readonly input: object }) => {
        if (JSON.stringify(input).includes('one')) throw new TypeError('no idea')
        return { score: 2, comment: '' }
      },
    } as const
    const { feedback, failures } = await judge(store, odd)
    expect(feedback).toEqual([])
    expect(failures.map(({ message }) => message).sort()).toEqual([
      'The guide odd gave the score 2, not one from 0 to 1.',
      'no idea',
    ])
  })

  it('without runs is an error', async () => {
    const { store } = await testAgent()
    await expect(judge(store, short)).rejects.toMatchObject({ code: 'T2_NO_RUNS' })
  })
})

describe('judging with a model', () => {
  it('stopped at any point and started again, judges what is missing and pays for nothing twice', async () => {
    for (const stopAfter of [1, 3, 5]) {
      const store = await storeWith(...tickets(6))
      const stop = new AbortController()
      await using server = await chatServer((_body, call) => {
        if (call === stopAfter) stop.abort()
        return kind
      })
      const options = { client: server.client, concurrency: 2 }
      await expect(judge(store, rubric, { ...options, signal: stop.signal })).rejects.toThrow()
      const done = await store.feedback()
      const result = await judge(store, rubric, options)
      expect(result.before).toBe(done.length)
      expect(await store.feedback()).toHaveLength(6)
      const asked = server.bodies.map(({ messages }) => JSON.stringify(messages))
      // A call that was broken off has no answer to keep; all others are made once.
      expect(asked.length).toBeLessThanOrEqual(6 + options.concurrency)
      expect(new Set(asked).size).toBe(6)
      expect((await judge(store, rubric, { ...options, again: true })).spent.calls).toBe(0)
    }
  })

  it('asks once about what went in and came out alike', async () => {
    const store = await storeWith('same', 'same', 'same')
    await using server = await chatServer(() => kind)
    const { feedback } = await judge(store, rubric, { client: server.client })
    expect(feedback.map(({ source, score }) => [source, score])).toEqual(
      Array(3).fill(['model', 0.75]),
    )
    expect(server.bodies).toHaveLength(1)
  })

  it('stops at its budget, keeps what it has, and goes on with more', async () => {
    const store = await storeWith(...tickets(4))
    await using server = await chatServer(() => kind)
    const client = server.client
    const limited = judge(store, rubric, { client, budget: { maxCalls: 2 }, concurrency: 1 })
    await expect(limited).rejects.toMatchObject({ code: 'T2_BUDGET_SPENT' })
    expect(await store.feedback()).toHaveLength(2)
    const { feedback, before } = await judge(store, rubric, { client })
    expect([feedback.length, before, server.bodies.length]).toEqual([2, 2, 4])
  })

  it('goes on where one answer stays invalid, and ends where the endpoint is dead', async () => {
    const store = await storeWith(...tickets(8))
    await using server = await chatServer(({ messages }) =>
      messages.some(({ content }) => content.includes('number 3')) ? '{"score": 7}' : kind,
    )
    const result = await judge(store, rubric, { client: server.client })
    expect(result.feedback).toHaveLength(7)
    expect(result.failures).toMatchObject([
      { code: 'T2_MODEL_ANSWER', remedy: evaluationErrors.T2_MODEL_ANSWER.remedy },
    ])

    const other = guideOf({ kind: 'rubric', rubric: 'Short.', model: 'gpt-4o-mini' })
    await using dead = await chatServer(() => ({ status: 401, message: 'no key' }))
    const failing = judge(store, other, { client: dead.client, concurrency: 1 })
    await expect(failing).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
    expect(dead.bodies.length).toBe(1)

    const broken = guideOf({ kind: 'rubric', rubric: 'Polite.', model: 'gpt-4o-mini' })
    await using breaking = await chatServer(() => ({ status: 400, message: 'no such thing' }))
    const failed = judge(store, broken, { client: breaking.client, concurrency: 1 })
    await expect(failed).rejects.toMatchObject({ code: 'T2_MODEL_CALL' })
    expect(breaking.bodies.length).toBe(5)
  })
})
