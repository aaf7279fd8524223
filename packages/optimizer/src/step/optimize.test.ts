import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundle, feedback, parameter } from '@trace2/instrumentation'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ChatReply, chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { candidates, merge, opro, optoPrime, type Strategy, textGrad } from '../optimizers/index.ts'
import { accept, reject, rollback } from '../proposals/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'

import { type OptimizeOptions, optimize } from './optimize.ts'

let agent: TestAgent
beforeEach(async () => {
  agent = await testAgent()
})
afterEach(() => agent.store.close())

const model = 'simulated-small'
const suggest = (suggestion: object) => JSON.stringify({ reasoning: 'Because.', suggestion })

async function optimized(reply: ChatReply, options: OptimizeOptions = {}) {
  await using server = await chatServer(() => reply)
  await agent.flush()
  const result = await optimize(agent.store, { model, client: server.client, ...options })
  return { result, server }
}

async function twoRuns() {
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  agent.answer('It works now.', { score: 1 })
  await agent.flush()
}

describe('a step over stored runs', () => {
  it('gives proposals with the evidence they rest on, and puts nothing in force', async () => {
    await twoRuns()
    const { result, server } = await optimized(suggest({ [agent.greeting]: 'Dear customer' }))
    expect(server.bodies).toHaveLength(1)
    const runs = await agent.store.runs()
    const given = await agent.store.feedback()
    expect(result.proposals).toMatchObject([
      {
        parameter: agent.greeting,
        baseValue: 'Hello',
        value: 'Dear customer',
        optimizer: 'optoprime',
        status: 'open',
        reasoning: 'Because.',
        runs: expect.arrayContaining(runs.map(({ id }) => id)),
        feedback: expect.arrayContaining(given.map(({ id }) => id)),
        inputTokens: 100,
      },
    ])
    expect(await agent.store.proposals()).toEqual(result.proposals)
    expect(await agent.store.deployments()).toEqual([])
    expect(agent.answer('x')).toContain('Hello')
  })

  it('shows the worst run first and reaches both parameters', async () => {
    await twoRuns()
    const { server } = await optimized(suggest({}))
    const prompt = server.bodies[0]?.messages[1]?.content ?? ''
    expect(prompt).toContain(`<variable name="${agent.greeting}" type="string"`)
    expect(prompt).toContain(`<variable name="${agent.threshold}" type="number"`)
    expect(prompt).toMatch(/<feedback run="1" name="quality" score="0"/)
    expect(prompt).toMatch(/<feedback run="2" name="quality" score="1"/)
    expect(prompt).toContain('Labels a ticket by its length.')
  })

  it('puts values through the projections of the agent before they are checked and compared', async () => {
    await twoRuns()
    const share = { project: (value: number) => Math.round(Math.min(1, value) * 10) / 10 }
    const text = { project: (value: string) => value.trim() }
    const projections = { [agent.threshold]: share, [agent.greeting]: text }
    const answer = suggest({ [agent.threshold]: 7.77, [agent.greeting]: ' Hello\n' })
    const { result } = await optimized(answer, { projections })
    expect(result.proposals).toMatchObject([{ parameter: agent.threshold, value: 1 }])

    const wrong = optimized(suggest({ [agent.greeting]: 5 }), { projections, objective: 'x' })
    await expect(wrong).rejects.toMatchObject({
      code: 'T2_MODEL_ANSWER',
      message: expect.stringContaining('it cannot be projected: TypeError'),
    })
  })

  it.each(['constructor', '__proto__'])(
    'takes a parameter called %s for one like any other',
    async (name) => {
      const odd = parameter(name, 'Hello')
      feedback(bundle('say', (text: string) => `I say ${text}`).node(odd), { name: 'q', score: 0 })
      await agent.flush()
      const answer = `{"reasoning":"","suggestion":{"${name}":"Good day"}}`
      const { result } = await optimized(answer)
      expect(result.proposals).toMatchObject([{ parameter: name, value: 'Good day' }])
    },
  )

  it('drops values that change nothing', async () => {
    await twoRuns()
    const { result } = await optimized(suggest({ [agent.greeting]: 'Hello' }))
    expect(result).toMatchObject({ proposals: [], step: null })
  })

  it.each<[string, Strategy]>([
    ['OptoPrime', optoPrime()],
    ['OPRO', opro()],
    ['candidates', candidates(optoPrime())],
    ['a merge', merge(optoPrime(), { runsPerPart: 1 })],
  ])('keeps the reasons of %s for changing nothing', async (_name, strategy) => {
    await twoRuns()
    const { result } = await optimized(suggest({}), { strategy })
    expect(result).toMatchObject({ proposals: [], step: null })
    expect(result.reasoning).toContain('Because.')
  })

  it('asks again where a value does not fit its schema, then fails with the answer kept', async () => {
    await twoRuns()
    const answer = suggest({ [agent.threshold]: 7 })
    await expect(optimized(answer)).rejects.toMatchObject({ code: 'T2_MODEL_ANSWER' })
    const { rows } = await agent.store.sql('SELECT count(*) FROM v_llm_call')
    expect(rows).toEqual([[3]])
    expect(await agent.store.proposals()).toEqual([])
  })

  it('gives the same proposals again without asking again', async () => {
    await twoRuns()
    const answer = suggest({ [agent.greeting]: 'Good day', [agent.threshold]: 0.1 })
    const first = await optimized(answer)
    const second = await optimized('must not be asked')
    const ids = ({ result }: typeof first) => result.proposals.map(({ id, step }) => [id, step])
    expect(ids(second)).toEqual(ids(first))
    expect(second.server.bodies).toHaveLength(0)
    expect(await agent.store.proposals()).toHaveLength(2)
  })

  it('shows the prompt, its tokens and its price in a dry run', async () => {
    await twoRuns()
    const { result, server } = await optimized('must not be asked', {
      dryRun: true,
      model: 'gpt-4o-mini',
    })
    expect(server.bodies).toHaveLength(0)
    expect(result.proposals).toEqual([])
    expect(result.preview?.messages[1]?.content).toContain('# Feedback')
    expect(result.preview?.promptCostUsd).toBeCloseTo(((result.preview?.tokens ?? 0) * 0.15) / 1e6)
  })

  it.each<[string, Strategy]>([
    ['OptoPrime', optoPrime()],
    ['OptoPrime with answers in elements', optoPrime({ answer: 'elements' })],
    ['TextGrad', textGrad()],
    ['candidates', candidates(optoPrime())],
    ['candidates that refine', candidates(optoPrime(), { variation: { kind: 'refine' } })],
    ['a merge', merge(optoPrime(), { runsPerPart: 1 })],
  ])('counts in a dry run every question of %s', async (_name, strategy) => {
    await twoRuns()
    const { preview } = (await optimized('must not be asked', { dryRun: true, strategy })).result
    await using server = await chatServer(({ messages }) => {
      const prompt = messages.at(-1)?.content ?? ''
      const fence = /fence="(k\w{5})"/.exec(prompt)?.[1]
      if (prompt.includes('Answer in elements')) {
        return `<reasoning fence="${fence}">\nwhy\n</reasoning fence="${fence}">`
      }
      return prompt.startsWith('An operator called') ? '{"criticism":"Longer."}' : suggest({})
    })
    await optimize(agent.store, { model, client: server.client, strategy })
    expect(preview?.questions).toBe(server.bodies.length)
  })

  it.each([
    ['T2_NO_RUNS', () => undefined],
    ['T2_NO_FEEDBACK', () => agent.answer('Hi')],
  ])('fails with %s where there is nothing to learn from', async (code, prepare) => {
    prepare()
    await expect(optimized(suggest({}))).rejects.toMatchObject({ code })
  })

  it('says why where no feedback reaches a parameter', async () => {
    await twoRuns()
    const [run] = await agent.store.runs({ limit: 1 })
    const graph = await agent.store.graph(run?.id ?? '')
    const classify = graph.nodes.find((node) => 'op' in node && node.op === 'classify')
    expect(classify).toBeDefined()
    await expect(
      optimized(suggest({}), { parameters: [agent.greeting], edges: ['text'] }),
    ).rejects.toMatchObject({ code: 'T2_FEEDBACK_UNREACHED' })
  })
})

describe('a proposal', () => {
  let file: string
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'trace2-')), 'trace2.parameters.json')
  })

  async function propose(value: string) {
    const { result } = await optimized(suggest({ [agent.greeting]: value }), {
      file,
      objective: `A prompt of its own: ${value}`,
    })
    return result.proposals.map(({ id }) => id)
  }
  const inForce = async () => JSON.parse(await readFile(file, 'utf8')).parameters[agent.greeting]

  it('is accepted into the parameters file, and taken back step by step', async () => {
    await twoRuns()
    await accept(agent.store, await propose('One'), { file, note: 'looks good' })
    expect(await inForce()).toMatchObject({ value: 'One' })
    await accept(agent.store, await propose('Two'), { file })
    expect(await inForce()).toMatchObject({ value: 'Two' })
    await rollback(agent.store, agent.greeting, { file })
    expect(await inForce()).toMatchObject({ value: 'One' })
    await rollback(agent.store, agent.greeting, { file })
    expect(await inForce()).toBeUndefined()
    await expect(rollback(agent.store, agent.greeting, { file })).rejects.toMatchObject({
      code: 'T2_NOTHING_TO_ROLL_BACK',
    })
    const actions = (await agent.store.deployments()).map(({ action }) => action)
    expect(actions).toEqual(['accept', 'accept', 'rollback', 'rollback'])
  })

  it('conflicts once the parameter has moved on', async () => {
    await twoRuns()
    const first = await propose('One')
    const second = await propose('Two')
    await accept(agent.store, first, { file })
    await expect(accept(agent.store, second, { file })).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CONFLICT',
    })
    expect(await inForce()).toMatchObject({ value: 'One' })
  })

  it('that says what is in force already is refused, so that a rollback takes back what it seems to', async () => {
    await twoRuns()
    const first = await propose('One')
    const other = (await optimized(suggest({ [agent.greeting]: 'One' }), { strategy: opro() }))
      .result.proposals
    await accept(agent.store, first, { file })
    const again = accept(agent.store, [other[0]?.id ?? ''], { file })
    await expect(again).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CONFLICT',
      message: expect.stringContaining('in force already'),
    })
    expect(await rollback(agent.store, agent.greeting, { file })).toMatchObject({ version: null })
    expect(await inForce()).toBeUndefined()
  })

  it('whose acceptance was cut short is accepted once more, and can be taken back', async () => {
    await twoRuns()
    const ids = await propose('One')
    const { store } = agent
    const dying = new Proxy(store, {
      get(target, property) {
        const method: unknown = Reflect.get(target, property)
        if (property === 'endDecision') return () => Promise.reject(new Error('killed'))
        return typeof method === 'function' ? method.bind(target) : method
      },
    })
    await expect(accept(dying, ids, { file })).rejects.toMatchObject({
      code: 'T2_DECISION_UNFINISHED',
      message: expect.stringContaining('killed'),
    })
    expect(await inForce()).toMatchObject({ value: 'One' })
    expect(await store.deployments()).toEqual([])
    await accept(store, ids, { file })
    await rollback(store, agent.greeting, { file })
    expect(await inForce()).toBeUndefined()
  })

  it('can be rejected, and then not accepted', async () => {
    await twoRuns()
    const [id = ''] = await propose('One')
    expect(await reject(agent.store, id, 'too cold')).toMatchObject({
      status: 'rejected',
      note: 'too cold',
    })
    await expect(accept(agent.store, [id], { file })).rejects.toMatchObject({
      code: 'T2_PROPOSAL_CLOSED',
    })
  })

  it('is not accepted into a file that is none, which stays as it is', async () => {
    await twoRuns()
    const ids = await propose('One')
    await writeFile(file, '{"parameters": []}')
    await expect(accept(agent.store, ids, { file })).rejects.toMatchObject({
      code: 'T2_PARAMETERS_FILE',
    })
    expect(await readFile(file, 'utf8')).toBe('{"parameters": []}')
    expect((await agent.store.proposals({ status: 'open' })).map(({ id }) => id)).toEqual(ids)
  })
})
