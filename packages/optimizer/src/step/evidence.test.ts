import { groupBy } from '@trace2/core'
import { bundle, feedback, parameter, run } from '@trace2/instrumentation'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chatServer } from '../../../evaluation/src/testing/chat-server.ts'
import { candidates, merge, opro, optoPrime, type Strategy, textGrad } from '../optimizers/index.ts'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { type OptimizeOptions, optimize, type Progress } from './optimize.ts'

let agent: TestAgent
beforeEach(async () => {
  agent = await testAgent()
})
afterEach(() => agent.store.close())

const model = 'simulated-small'

/** Runs with feedback of some length, no two alike. */
async function runs(count: number) {
  for (let at = 0; at < count; at++) {
    const comment = `Piece ${at}: ${`the reply to customer ${at} is too short. `.repeat(8)}`
    agent.answer(`Where is parcel ${at}?`, { score: 0, comment })
  }
  await agent.flush()
}

async function step(options: OptimizeOptions = {}) {
  const suggestion = { [agent.greeting]: 'Dear customer' }
  const events: string[] = []
  const progress: Progress[] = []
  await using server = await chatServer(({ messages }) => {
    events.push('question')
    const prompt = messages.at(-1)?.content ?? ''
    const isCriticism = /^(An operator called|The same text)/.test(prompt)
    return JSON.stringify(isCriticism ? { criticism: 'Longer.' } : { reasoning: '', suggestion })
  })
  const onProgress = (event: Progress) => {
    events.push(event.kind)
    progress.push(event)
  }
  const result = await optimize(agent.store, {
    model,
    client: server.client,
    onProgress,
    ...options,
  })
  const prompts = server.bodies.map(({ messages }) => messages.at(-1)?.content ?? '')
  return { result, prompts, events, progress }
}

/** Which pieces a prompt shows, by the number that their words begin with. */
const shownIn = (prompt: string) => new Set(prompt.match(/Piece \d+(?=:)/g))

async function wordsOf(ids: readonly string[]) {
  const given = await agent.store.feedback()
  return new Set(
    given.flatMap(({ id, comment }) =>
      ids.includes(id) ? (comment?.match(/^Piece \d+/) ?? []) : [],
    ),
  )
}

describe('a proposal rests on what stood in the prompt', () => {
  it('at every budget, and what was left out adds up', async () => {
    await runs(24)
    let most = 0
    for (const maxTokens of [1500, 2200, 3600, 16_000]) {
      const { result, prompts } = await step({ maxTokens })
      const [proposal] = result.proposals
      const shown = shownIn(prompts[0] ?? '')
      expect(shown.size).toBeGreaterThan(most)
      most = shown.size
      expect(proposal?.feedback).toHaveLength(shown.size)
      expect(await wordsOf(proposal?.feedback ?? [])).toEqual(shown)
      expect(proposal?.runs).toHaveLength(shown.size)
      expect(proposal?.leftOut).toMatchObject({ runs: 24 - shown.size, feedback: 24 - shown.size })
      expect(await agent.store.proposal(proposal?.id ?? '')).toEqual(proposal)
      const { rows } = await agent.store.sql(
        `SELECT left_out ->> 'feedback' FROM v_proposal WHERE id = '${proposal?.id}'`,
      )
      expect(rows).toEqual([[String(24 - shown.size)]])
    }
    expect(most).toBe(24)
  })

  it('and runs that were not sampled are left out as well', async () => {
    await runs(12)
    const { result } = await step({ sample: 4 })
    expect(result.proposals[0]?.runs).toHaveLength(4)
    expect(result.leftOut).toMatchObject({ runs: 8, feedback: 8, parameters: [] })
  })

  it.each<[string, Strategy]>([
    ['OPRO', opro()],
    [
      'candidates',
      candidates(optoPrime(), {
        count: 2,
        evaluate: async (values) => ([...values.values()].includes('Dear customer') ? 1 : 0),
      }),
    ],
    ['a merge', merge(optoPrime(), { runsPerPart: 4 })],
    ['TextGrad', textGrad({ runs: 3 })],
  ])('with %s', async (_name, strategy) => {
    await runs(10)
    const { result, prompts } = await step({
      strategy,
      maxTokens: 2200,
      parameters: [agent.greeting],
    })
    const shown = new Set(prompts.flatMap((prompt) => [...shownIn(prompt)]))
    const [proposal] = result.proposals
    expect(await wordsOf(proposal?.feedback ?? [])).toEqual(shown)
    expect(result.leftOut.feedback).toBe(10 - shown.size)
  })

  it('which is said before a model is asked, and in a dry run', async () => {
    await runs(24)
    const { events, progress, prompts } = await step({ maxTokens: 2200 })
    const size = shownIn(prompts[0] ?? '').size
    expect(events.indexOf('prompt')).toBeLessThan(events.indexOf('question'))
    const amounts = { shown: { runs: size, feedback: size }, of: { runs: 24, feedback: 24 } }
    expect(progress.find(({ kind }) => kind === 'prompt')).toEqual({ kind: 'prompt', ...amounts })
    const dry = await step({ maxTokens: 2200, dryRun: true })
    expect(dry.prompts).toEqual([])
    expect(dry.result.preview?.room).toEqual(amounts)
    expect(dry.result.leftOut).toMatchObject({ runs: 24 - size, feedback: 24 - size })
  })

  it('and where not one piece has room, nothing is asked', async () => {
    await runs(2)
    const { result } = await step({ dryRun: true, maxTokens: 16_000 })
    const prompt = result.preview?.messages.at(-1)?.content ?? ''
    expect(prompt).toContain('Piece 0')
    let refused = 0
    for (let maxTokens = 700; maxTokens < 1300; maxTokens += 50) {
      const asked = await step({ maxTokens, objective: `${maxTokens}` }).catch(
        (error) => error.code,
      )
      if (typeof asked === 'string') {
        expect(asked).toBe('T2_PROMPT_BUDGET')
        refused++
      } else expect(shownIn(asked.prompts[0] ?? '').size).toBeGreaterThan(0)
    }
    expect(refused).toBeGreaterThan(0)
  })
})

describe('more parameters than a prompt holds', () => {
  const join = bundle('join', (...parts: string[]) => parts.join(' '))
  const one = bundle('one', (part: string) => `${part}!`)

  /** All of them lead to one output; to the last few, feedback of their own as well. */
  async function many(prefix: string, count: number, pointedAt: number) {
    const parameters = Array.from({ length: count }, (_, at) => {
      const name = `${prefix}.p${String(at).padStart(3, '0')}`
      return parameter(name, `Value ${at}. ${'It is rather long. '.repeat(20)}`)
    })
    const whole = run('whole', () => {
      const parts = [...groupBy(parameters.keys(), (at) => Math.floor(at / 30)).values()]
      return join(...parts.map((part) => join.node(...part.flatMap((at) => parameters[at] ?? []))))
    })
    feedback(whole.node(), { name: 'q', score: 0, comment: 'Wrong as a whole.' })
    const chosen = parameters.slice(-pointedAt)
    for (const each of chosen) {
      feedback(one.node(each), { name: 'q', score: 0, comment: 'Wrong here.' })
    }
    await agent.flush()
    return { names: parameters.map(({ name }) => name), chosen: chosen.map(({ name }) => name) }
  }
  const variablesIn = (prompt: string) =>
    Array.from(prompt.matchAll(/<variable name="([^"]*)"/g), ([, name = '']) => name)

  it('are asked about by how much feedback points at them; the others are named', async () => {
    const { names, chosen } = await many('many', 195, 5)
    let most = 0
    for (const maxTokens of [4000, 8000, 16_000]) {
      const { result } = await step({ dryRun: true, maxTokens, model: 'gpt-4o-mini' })
      const shown = variablesIn(result.preview?.messages.at(-1)?.content ?? '')
      expect(shown).toEqual(expect.arrayContaining(chosen))
      expect(shown.length).toBeGreaterThan(most)
      most = shown.length
      expect([...shown, ...result.leftOut.parameters].sort()).toEqual(names)
      expect(result.variables.map(({ name }) => name)).toEqual(shown)
      expect(result.seen.feedback.length).toBeGreaterThan(0)
    }
    expect(most).toBeLessThan(195)
  })

  it('are asked about as they were named, or not at all', async () => {
    const { names } = await many('named', 40, 1)
    const few = names.slice(0, 3)
    const { result } = await step({ dryRun: true, maxTokens: 4000, parameters: few })
    expect(variablesIn(result.preview?.messages.at(-1)?.content ?? '')).toEqual(few)
    expect(result.leftOut.parameters).toEqual([])
    await expect(step({ dryRun: true, maxTokens: 4000, parameters: names })).rejects.toMatchObject({
      code: 'T2_PROMPT_BUDGET',
    })
  })

  it('are in the row of what is proposed for the others', async () => {
    const { names, chosen } = await many('row', 60, 2)
    const [first = ''] = chosen
    await using server = await chatServer(() =>
      JSON.stringify({ reasoning: '', suggestion: { [first]: 'A better value of some length.' } }),
    )
    const options = { model, client: server.client, maxTokens: 4000 }
    const { proposals, leftOut } = await optimize(agent.store, options)
    expect(proposals).toMatchObject([
      { parameter: first, leftOut: { parameters: leftOut.parameters } },
    ])
    expect(leftOut.parameters.length).toBeGreaterThan(0)
    expect(names).toEqual(expect.arrayContaining([...leftOut.parameters]))
  })
})
