import { expect, test } from 'vitest'
import { casesNeeded } from '../gate/index.ts'
import { seeded } from '../numeric/index.ts'
import {
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { type VerdictOptions, verdictOn } from './verdict.ts'
import type { VerdictPlan } from './verdict-plan.ts'

const base = baseCandidate({ quality: 0.5 })

/** Scores 0 or 1: the better the quality, the more often 1, by a chance that both sides of a case share. */
function chanceAgent(seed: number) {
  const random = seeded(seed)
  const luck = new Map<string, number>()
  return sampleAgent((request) => {
    const known = luck.get(request.case.id) ?? random()
    luck.set(request.case.id, known)
    return { output: known < Number(qualityOf(request)) ? 1 : 0 }
  })
}

function holdout(count: number) {
  return sampleDataset(
    Array.from({ length: count }, (_, index) => sampleCase(index, { split: 'holdout' })),
  )
}

async function decideOn(quality: number, given: Partial<VerdictOptions> = {}) {
  return verdictOn({
    store: await memoryStore(),
    dataset: holdout(200),
    base,
    candidate: candidateOf('p-1', { quality }, ['p-1']),
    agent: chanceAgent(1),
    scorer: scorerOf(),
    ...given,
  })
}

test('a candidate that is much better is found so, before all of the holdout is read', async () => {
  const store = await memoryStore()
  const { verdict, looks, freshLeft, report, budgetLeft } = await decideOn(0.9, { store })
  expect(verdict.verdict).toBe('better')
  expect(freshLeft).toBeGreaterThan(0)
  expect(report.counts.groups + freshLeft).toBe(200)
  expect(looks.every(({ purpose }) => purpose === 'decision')).toBe(true)
  expect(looks.flatMap(({ groups }) => groups)).toHaveLength(report.counts.groups)
  // Half of the budget was spent, and a better one on fresh cases earns it once.
  expect(budgetLeft).toBeCloseTo(0.075)
  expect(await store.verdicts({ proposal: 'p-1' })).toMatchObject([{ verdict: 'better' }])
})

test('one that is worse costs little, and one that differs in nothing that counts is told so', async () => {
  const worse = await decideOn(0.1)
  expect(worse.report.advice).toBe('stop')
  expect(worse.report.why.join(' ')).toContain('better by 0.05')
  expect(worse.report.counts.groups).toBeLessThan(100)
  const same = await decideOn(0.5001, { gate: { worth: 0.2 } })
  expect(same.verdict.verdict).toBe('no difference worth it')
})

test('what was stopped as hopeless goes on where one asks for it', async () => {
  const store = await memoryStore()
  const shared = { store, agent: chanceAgent(1) }
  const stopped = await decideOn(0.1, shared)
  expect(stopped.report.advice).toBe('stop')
  const again = await decideOn(0.1, shared)
  expect(again.report.counts).toEqual(stopped.report.counts)
  const whole = await decideOn(0.1, { ...shared, toTheEnd: true })
  expect(whole.report.counts.groups).toBeGreaterThan(stopped.report.counts.groups)
  expect(whole.verdict.verdict).toBe('worse')
})

test('with too few cases it says how many more', async () => {
  const { verdict, report } = await decideOn(0.55, { dataset: holdout(20) })
  expect(verdict.verdict).toBe('not enough evidence')
  expect(report.more?.cases).toBeGreaterThan(20)
})

test('asked again, it goes on from the looks it has had and spends nothing anew', async () => {
  const store = await memoryStore()
  const agent = chanceAgent(3)
  const first = await decideOn(0.58, { store, agent, budget: { trials: 40 } })
  expect(first.stopped).toContain('limit')
  const before = agent.asked.length
  const second = await decideOn(0.58, { store, agent })
  expect(second.report.counts.groups).toBeGreaterThan(first.report.counts.groups)
  const asked = agent.asked.map(({ trial }) => trial)
  expect(new Set(asked).size).toBe(asked.length)
  expect(agent.asked.length).toBeGreaterThan(before)
  const spent = (await store.looks('cases')).map((look) => look.spent)
  expect(spent.filter((amount) => amount > 0)).toHaveLength(1)
})

test('the second proposal gets less error, and finds fewer fresh cases', async () => {
  const store = await memoryStore()
  const shared = { store, dataset: holdout(60), agent: chanceAgent(5) }
  await decideOn(0.52, shared)
  const second = await decideOn(0.53, {
    ...shared,
    candidate: candidateOf('p-2', { quality: 0.53 }, ['p-2']),
  })
  const looks = await store.looks('cases')
  const alphas = new Map(looks.map(({ candidate, alpha }) => [candidate, alpha]))
  const [first = 0, next = 0] = [...alphas.values()]
  expect(next).toBeLessThan(first)
  expect(second.report.why.join(' ')).toContain('read by an earlier decision')
})

test('the plan asks for the cases that the allocated error takes, more for each further proposal', async () => {
  const store = await memoryStore()
  const plans: VerdictPlan[] = []
  for (const number of [1, 2, 3]) {
    await decideOn(0.5 + number / 100, {
      store,
      dataset: holdout(20),
      candidate: candidateOf(`p-${number}`, { quality: 0.5 + number / 100 }, [`p-${number}`]),
      onPlan: (plan) => plans.push(plan),
    })
  }
  const allocated = new Set((await store.looks('cases')).map(({ alpha }) => alpha))
  expect(plans.map(({ alpha }) => alpha)).toEqual([...allocated])
  const needed = plans.map((plan) => plan.needed)
  expect(needed).toEqual(needed.toSorted((a, b) => a - b))
  const [first] = plans
  expect(first?.needed).toBe(
    casesNeeded({ effect: 0.05, deviation: Math.SQRT1_2, alpha: first?.alpha ?? 0 }),
  )
})

test('asking again with new trials, or in another measure, is another test and pays for itself', async () => {
  const store = await memoryStore()
  const shared = { store, dataset: holdout(40), agent: chanceAgent(9) }
  await decideOn(0.52, shared)
  await decideOn(0.52, { ...shared, again: true })
  await decideOn(0.52, { ...shared, gate: { worth: 0.2 } })
  const spent = (await store.looks('cases')).map((look) => look.spent).filter((one) => one > 0)
  expect(spent).toHaveLength(3)
  expect(spent.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.05)
})

test('a dataset that has grown decides on its new cases', async () => {
  const store = await memoryStore()
  const shared = { store, agent: chanceAgent(11) }
  const small = await decideOn(0.9, { ...shared, dataset: holdout(6) })
  expect(small.verdict.verdict).toBe('not enough evidence')
  const grown = { ...holdout(120), version: 2 }
  const { verdict, report } = await decideOn(0.9, { ...shared, dataset: grown })
  expect(verdict.verdict).toBe('better')
  expect(report.counts.groups).toBeGreaterThan(6)
})

test('what the candidate was learned from decides nothing', async () => {
  const cases = Array.from({ length: 30 }, (_, index) =>
    sampleCase(index, { split: 'holdout', run: `r${index}` }),
  )
  const dataset = sampleDataset(cases)
  const half = new Set(Array.from({ length: 15 }, (_, index) => `r${index}`))
  const { plan } = await decideOn(0.6, { dataset, learnedFrom: half })
  expect(plan).toMatchObject({ groups: 15, chosen: 15 })
  const all = new Set(cases.map(({ run: id }) => id ?? ''))
  await expect(decideOn(0.6, { dataset, learnedFrom: all })).rejects.toMatchObject({
    code: 'T2_HOLDOUT_CHOSEN',
  })
})

test('two decisions at the same time both pay', async () => {
  const store = await memoryStore()
  const agent = chanceAgent(7)
  const dataset = holdout(60)
  await Promise.all(
    [0.52, 0.53, 0.54].map((quality) =>
      decideOn(quality, {
        store,
        agent,
        dataset,
        candidate: candidateOf(`p-${quality}`, { quality }),
      }),
    ),
  )
  const looks = await store.looks('cases')
  const spent = looks.reduce((sum, look) => sum + look.spent, 0)
  expect(looks.filter((look) => look.spent > 0)).toHaveLength(3)
  expect(spent).toBeLessThan(0.05)
})

test('cases that were chosen by how the base did on them decide nothing', async () => {
  const chosen = { split: 'holdout' as const, metadata: { chosenBy: 'low scores' } }
  const cases = [
    ...Array.from({ length: 20 }, (_, index) => sampleCase(index, chosen)),
    ...Array.from({ length: 20 }, (_, index) => sampleCase(100 + index, { split: 'holdout' })),
  ]
  const { plan, report } = await decideOn(0.6, { dataset: sampleDataset(cases) })
  expect(plan).toMatchObject({ groups: 20, chosen: 20 })
  expect(report.counts.groups).toBeLessThanOrEqual(20)
  await expect(decideOn(0.6, { dataset: sampleDataset(cases.slice(0, 20)) })).rejects.toMatchObject(
    { code: 'T2_HOLDOUT_CHOSEN' },
  )
})

const stops: readonly [string, () => Partial<VerdictOptions>][] = [
  ['a limit', () => ({ budget: { trials: 7 } })],
  ['an interruption', () => ({ signal: AbortSignal.abort() })],
  [
    'a change of the source',
    () => {
      let calls = 0
      return { agent: sampleAgent(() => ({ output: 1 }), { hash: () => `${calls++}` }) }
    },
  ],
  ['values that are not used', () => ({ agent: sampleAgent(() => ({ output: 1, used: [] })) })],
  [
    'replays that diverge',
    () => ({
      agent: sampleAgent((request) =>
        qualityOf(request) === 0.5 ? { output: 1 } : { outcome: 'diverged', reason: 'refund' },
      ),
    }),
  ],
]

test.each(stops)(
  '%s before anything is looked at costs nothing and shows no score',
  async (_, given) => {
    const store = await memoryStore()
    const { verdict, looks, freshLeft, budgetLeft, result, stopped, report } = await decideOn(0.9, {
      store,
      ...given(),
    })
    expect(stopped).toBeDefined()
    expect(looks).toEqual([])
    expect([freshLeft, budgetLeft]).toEqual([200, 0.05])
    expect(result.rows).toEqual([])
    expect(report.counts.looks).toBe(0)
    expect(verdict.verdict).toBe('not enough evidence')
    expect(await store.verdicts({ proposal: 'p-1' })).toEqual([])
    // The next one is the first test.
    const other = { ...chanceAgent(1), sourceHash: async () => 'source-2' }
    const next = await decideOn(0.9, { store, agent: other })
    expect(next.verdict.verdict).toBe('better')
    expect(next.report.effect?.basis).toBe('fresh')
    expect(next.budgetLeft).toBeCloseTo(0.075)
  },
)

test('an outage costs nothing, and the same command goes on', async () => {
  const store = await memoryStore()
  let answers = 15
  const failing = sampleAgent(async (request) =>
    answers-- > 0
      ? { output: Number(qualityOf(request)) }
      : { outcome: 'failed', reason: 'APIError: 402 no money left' },
  )
  await expect(decideOn(0.9, { store, agent: failing })).rejects.toMatchObject({
    code: 'T2_MODEL_QUOTA',
  })
  expect((await store.experiments({ dataset: 'cases' }))[0]).toMatchObject({ status: 'stopped' })
  const { budgetLeft, looks } = await decideOn(0.9, { store })
  expect(budgetLeft).toBeCloseTo(0.075)
  expect(looks.filter(({ spent }) => spent > 0)).toHaveLength(1)
})

test('a stop after looks leaves what they showed, and gives back the last one', async () => {
  const store = await memoryStore()
  const agent = chanceAgent(3)
  const { looks, report, freshLeft, result } = await decideOn(0.58, {
    store,
    agent,
    budget: { trials: 50 },
  })
  expect(report.counts.groups).toBe(20)
  expect(looks).toHaveLength(2)
  expect(freshLeft).toBe(180)
  expect(result.rows).toHaveLength(20)
})

test('replays that diverge here and there are no fault of the candidate', async () => {
  const lucky = chanceAgent(1)
  const agent = sampleAgent(async (request) => {
    const isOdd = Number(request.case.inputs.value) % 4 === 0
    if (isOdd && qualityOf(request) !== 0.5) return { outcome: 'diverged', reason: 'refund' }
    const { output } = await lucky.run(request)
    return { output }
  })
  const { verdict, report } = await decideOn(0.5001, { agent, gate: { worth: 0.2 } })
  expect(verdict.verdict).not.toBe('worse')
  expect(report.guards.map(({ standing }) => standing)).not.toContain('broken')
})

test('a look is written down before its cases are run', async () => {
  const store = await memoryStore()
  const seen: number[] = []
  const agent = sampleAgent(async (request) => {
    seen.push((await store.looks('cases')).flatMap(({ groups }) => groups).length)
    return { output: qualityOf(request) }
  })
  await decideOn(0.6, { store, agent, dataset: holdout(10), perLook: 5, parallel: 1 })
  expect(seen[0]).toBe(5)
})

test('an equal question is answered the same, however many groups a look opens and whatever was read since', async () => {
  const store = await memoryStore()
  const shared = { store, dataset: holdout(60), agent: chanceAgent(13) }
  const rival = { ...shared, candidate: candidateOf('p-2', { quality: 0.3 }, ['p-2']), perLook: 7 }
  await decideOn(0.3, rival)
  const first = await decideOn(0.56, { ...shared, perLook: 15 })
  const asked = shared.agent.asked.length
  const second = await decideOn(0.56, { ...shared, perLook: 4 })
  expect(shared.agent.asked).toHaveLength(asked)
  expect(second.report).toEqual(first.report)
})
