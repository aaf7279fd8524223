import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { candidates, merge, optoPrime, type Strategy, textGrad } from '../optimizers/index.ts'
import { reject } from '../proposals/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { type OptimizeOptions, optimize } from './optimize.ts'

let agent: TestAgent
beforeEach(async () => {
  agent = await testAgent()
  agent.answer('Where is my money?', { score: 0, comment: 'Too short for a refund.' })
  agent.answer('It works now.', { score: 1 })
  await agent.flush()
})
afterEach(() => agent.store.close())

const model = 'simulated-small'
const suggest = (suggestion: object) => JSON.stringify({ reasoning: 'Because.', suggestion })

async function optimized(reply: string, options: OptimizeOptions = {}) {
  await using server = await chatServer(() => reply)
  const result = await optimize(agent.store, { model, client: server.client, ...options })
  return { result, server }
}

describe('a step', () => {
  it.each<[string, Strategy]>([
    ['OptoPrime', optoPrime()],
    ['candidates', candidates(optoPrime(), { variation: { kind: 'refine' }, count: 2 })],
    ['a merge', merge(optoPrime(), { runsPerPart: 1 })],
    ['TextGrad', textGrad()],
  ])('taken again by %s asks anew, and then once more', async (_name, strategy) => {
    let asked = 0
    await using server = await chatServer(({ messages }) => {
      asked++
      const prompt = messages.at(-1)?.content ?? ''
      return prompt.startsWith('An operator called') ? '{"criticism":"Longer."}' : suggest({})
    })
    const step = async (again: boolean) => {
      const before = asked
      const options = { model, client: server.client, strategy, again }
      const { repeated } = await optimize(agent.store, options)
      return { repeated, asked: asked - before }
    }
    const first = await step(false)
    expect(first).toEqual({ repeated: false, asked: expect.any(Number) })
    expect(await step(false)).toEqual({ repeated: true, asked: 0 })
    expect(await step(true)).toEqual(first)
    expect(await step(true)).toEqual(first)
    expect(await step(false)).toEqual({ repeated: true, asked: 0 })
  })

  it('taken again gives the latest answers when it is repeated', async () => {
    await optimized(suggest({}))
    await optimized(suggest({ [agent.greeting]: 'Good day' }), { again: true })
    const { result } = await optimized('must not be asked')
    expect(result).toMatchObject({ repeated: true, proposals: [{ value: 'Good day' }] })
  })

  it('that was stopped goes on where it was, also when it was taken again', async () => {
    const strategy = candidates(optoPrime(), { variation: { kind: 'refine' }, count: 3 })
    for (const again of [false, true]) {
      let asked = 0
      await using server = await chatServer(() => {
        asked++
        return suggest({})
      })
      const options = { model, client: server.client, strategy, again }
      await expect(optimize(agent.store, { ...options, maxCalls: 2 })).rejects.toMatchObject({
        code: 'T2_BUDGET_SPENT',
      })
      expect(asked).toBe(2)
      await optimize(agent.store, options)
      expect(asked).toBe(3)
    }
  })

  it('of an earlier version, which did not note its end, is taken again as well', async () => {
    await optimized(suggest({}))
    const { rows } = await agent.store.sql('SELECT id FROM v_llm_call')
    for (const [id] of rows) {
      for (const call of await agent.store.llmCalls([String(id)])) {
        await agent.store.putLlmCall({ ...call, finishedStep: false })
      }
    }
    const { server } = await optimized(suggest({}), { again: true })
    expect(server.bodies).toHaveLength(1)
  })

  it('that asks nothing is not taken for repeated', async () => {
    const strategy: Strategy = { name: 'nothing', propose: async () => [] }
    const { result } = await optimized('must not be asked', { strategy, again: true })
    expect(result).toMatchObject({ repeated: false, proposals: [] })
  })

  it('gives proposals as they stand, with what became of them', async () => {
    const answer = suggest({ [agent.greeting]: 'Good day' })
    const [made] = (await optimized(answer, { memory: 0 })).result.proposals
    await reject(agent.store, made?.id ?? '', 'Not now.')
    const { result } = await optimized('must not be asked', { memory: 0 })
    expect(result.proposals).toMatchObject([{ status: 'rejected', note: 'Not now.' }])
  })
})
