import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestAgent, testAgent } from '../testing/agent.ts'
import { measuresFor } from '../testing/feedback.ts'
import { objectiveOf } from './objective.ts'
import { type OptimizeOptions, optimize } from './optimize.ts'

describe('the objective', () => {
  const csat = { name: 'csat', scale: [1, 5] as const }
  it.each([
    [measuresFor(), undefined, null],
    [measuresFor('thumb'), undefined, { because: 'only', meaning: { name: 'thumb' } }],
    [measuresFor('thumb', csat), undefined, { because: 'pieces', meaning: { name: 'thumb' } }],
    [
      measuresFor({ ...csat, weight: 2 }, 'thumb'),
      undefined,
      { because: 'weight', meaning: { name: 'csat' } },
    ],
    [measuresFor('thumb'), 'thumb', { because: 'chosen', meaning: { name: 'thumb' } }],
    [measuresFor('thumb'), 'Answer politely.', { because: 'only' }],
  ])('of %j, where %j is given', (measures, given, objective) => {
    const found = objectiveOf(measures, given)
    if (objective === null) expect(found).toBeNull()
    else expect(found).toMatchObject(objective)
  })

  it.each([
    ['thumbs', 'Did you mean "thumb"?'],
    ['Thumb', 'Did you mean "thumb"?'],
    ['response quality', 'Did you mean "response_quality"?'],
    ['user_satisfaction', 'There is no feedback "user_satisfaction".'],
    ['userSatisfaction', 'There is no feedback "userSatisfaction".'],
  ])('is no slip of the pen: %s', (given, message) => {
    const measures = measuresFor('thumb', 'response_quality')
    expect(() => objectiveOf(measures, given)).toThrow(
      expect.objectContaining({ code: 'T2_OBJECTIVE', message: expect.stringContaining(message) }),
    )
  })

  it.each(['Answer politely.', 'faster', 'FASTER', 'be brief', 'Thumbs should go up', ''])(
    'can be words: %j',
    (given) => {
      const measures = measuresFor('thumb', 'response_quality')
      expect(objectiveOf(measures, given)).toMatchObject({ meaning: { name: 'thumb' } })
    },
  )

  it('can be no name whose scale is unclear', () => {
    const stars = { name: 'stars', scale: null, rank: null, unclear: true, seen: [1, 1] as const }
    expect(() => objectiveOf(measuresFor('thumb', stars), 'stars')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('all of its scores are 1') }),
    )
  })

  it('can be no name without scores', () => {
    const measures = measuresFor('thumb', { name: 'words', scale: null, rank: null })
    expect(() => objectiveOf(measures, 'words')).toThrow(
      expect.objectContaining({ code: 'T2_OBJECTIVE' }),
    )
  })
})

describe('a step over several names of feedback', () => {
  let agent: TestAgent
  beforeEach(async () => {
    agent = await testAgent()
  })
  afterEach(() => agent.store.close())

  async function step(options: OptimizeOptions) {
    await agent.flush()
    const { preview, ...result } = await optimize(agent.store, {
      model: 'gpt-4o-mini',
      dryRun: true,
      ...options,
    })
    const prompt = preview?.messages.map(({ content }) => content).join('\n') ?? ''
    return { ...result, prompt: prompt.replaceAll(/ fence="\w+"/g, '') }
  }

  /** Twice as many thumbs as stars. */
  function conflicting() {
    for (let at = 0; at < 15; at++) {
      agent.answer(`up ${at}`, { name: 'thumb', score: 1, comment: 'Perfect answer.' })
      agent.answer(`stars ${at}`, {
        name: 'csat',
        score: 2,
        comment: 'Very unhappy with the wait.',
      })
      agent.answer(`down ${at}`, { name: 'thumb', score: 0, comment: 'Wrong order number.' })
    }
  }

  it('covers each kind of failure, tells both names apart and shows the present version', async () => {
    conflicting()
    const { objective, sampledFrom, prompt } = await step({ sample: 8 })
    expect(objective).toMatchObject({ because: 'pieces', meaning: { name: 'thumb', rank: 1 } })
    expect(sampledFrom).toEqual({ runs: 45, kinds: 2 })
    expect(prompt).toMatch(/<scale name="thumb" worst="0" best="1" objective="true">\nGood runs: /)
    expect(prompt).toMatch(/<scale name="csat" worst="1" best="5">\nFailed runs: /)
    expect(prompt).toContain('thumb 0.500 in 30 runs; csat 0.250 in 15 runs.')
    expect(prompt).toContain('<attempt number="1" present="true" score="0.500" runs="45">')
  })

  it('says whose scale is unclear, and takes a one for nothing until it is declared', async () => {
    for (let at = 0; at < 3; at++) agent.answer(`late ${at}`, { name: 'stars', score: 1 })
    agent.answer('fine', { name: 'other', score: 1 })
    const { objective, unclear, prompt } = await step({})
    expect(objective).toBeNull()
    expect(unclear.map(({ name }) => name)).toEqual(['stars', 'other'])
    expect(prompt).toContain('<scale name="stars">\nOn an unknown scale: ')
    expect(prompt).not.toContain('Good runs')
    await agent.store.declareFeedback({ stars: { scale: [1, 5] } })
    const declared = await step({})
    expect(declared.objective).toMatchObject({ meaning: { name: 'stars' } })
    expect(declared.unclear.map(({ name }) => name)).toEqual(['other'])
    expect(declared.prompt).toMatch(/<scale name="stars"[^>]*>\nFailed runs: /)
  })

  it('takes the name that was chosen, and no words for one', async () => {
    conflicting()
    const chosen = await step({ objective: 'csat' })
    expect(chosen.objective).toMatchObject({ because: 'chosen', meaning: { name: 'csat' } })
    expect(chosen.prompt).toContain('<scale name="csat" worst="1" best="5" objective="true">')
    expect(chosen.prompt).not.toContain('Objective: csat')
    const inWords = await step({ objective: 'Keep it short.' })
    expect(inWords.objective).toMatchObject({ because: 'pieces', meaning: { name: 'thumb' } })
    expect(inWords.prompt).toContain('Objective: Keep it short.')
  })
})
