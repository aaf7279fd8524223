import { expect, test } from 'vitest'
import {
  qualityOf,
  type SampleAnswer,
  sampleAgent,
  sampleCase,
  sampleDataset,
} from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { better, evaluateSample, numberedCases, quality } from '../testing/sample-experiment.ts'
import { candidateOf } from './candidate.ts'

test('both sides run on each case, and the difference is told', async () => {
  const agent = sampleAgent(quality)
  const { candidates, spent, experiment, stopped } = await evaluateSample({ agent, repeats: 2 })
  expect(agent.asked).toHaveLength(12 * 2 * 2)
  const [only] = candidates
  expect(only?.report.effect?.mean).toBeCloseTo(0.4)
  expect(only?.rows.map(({ base: of, own }) => [of, own])).toEqual(Array(12).fill([0.4, 0.8]))
  expect(only?.base.score).toBeCloseTo(0.4)
  expect(spent).toMatchObject({ trials: 48, cached: 0, tokens: 48 * 15 })
  expect(experiment.status).toBe('done')
  expect(stopped).toBeUndefined()
})

test('cases that became worse come first', async () => {
  const agent = sampleAgent((request) => {
    const { value } = request.case.inputs
    return { output: qualityOf(request) === 0.8 && value === 3 ? 0.1 : 0.5 }
  })
  const { candidates } = await evaluateSample({ agent })
  expect(candidates[0]?.rows[0]?.case.inputs).toEqual({ value: 3 })
  expect(candidates[0]?.rows[0]?.difference).toBeCloseTo(-0.4)
})

test('trials belong to one trace each, and the base is not always first', async () => {
  const agent = sampleAgent(quality)
  await evaluateSample({ agent, parallel: 1 })
  expect(new Set(agent.asked.map(({ traceId }) => traceId)).size).toBe(24)
  const firsts = agent.asked.filter((_, index) => index % 2 === 0).map(qualityOf)
  expect(new Set(firsts)).toEqual(new Set([0.4, 0.8]))
})

test.each<[string, SampleAnswer, Record<string, number>]>([
  ['crashes', { outcome: 'crashed', reason: 'exit code 3' }, { crashed: 1 }],
  ['hangs', { outcome: 'timed out', reason: 'after 5 s' }, { 'timed out': 1 }],
  ['runs out of memory', { outcome: 'out of memory' }, { crashed: 1 }],
  ['throws', { outcome: 'failed', reason: 'boom' }, { crashed: 1 }],
  ['gives no output', { outcome: 'bad output' }, { crashed: 1 }],
])('a candidate that %s on a case has the worst score there', async (_, answer, missing) => {
  const agent = sampleAgent((request) =>
    qualityOf(request) === 0.8 && request.case.inputs.value === 5 ? answer : quality(request),
  )
  const { candidates, experiment } = await evaluateSample({ agent })
  expect(experiment.status).toBe('done')
  expect(candidates[0]?.report.counts.missing.candidate).toEqual(missing)
  expect(candidates[0]?.rows.find(({ own }) => own === null)?.difference).toBeCloseTo(-0.4)
})

test.each(['not reproducible', 'not replayable', 'diverged'] as const)(
  'a case that is %s compares nothing',
  async (outcome) => {
    const agent = sampleAgent((request) =>
      request.case.inputs.value === 5 ? { outcome, reason: 'why' } : quality(request),
    )
    const { candidates } = await evaluateSample({ agent })
    expect(candidates[0]?.rows).toHaveLength(11)
    expect(candidates[0]?.excluded).toEqual([{ case: sampleCase(5).id, outcome, reason: 'why' }])
  },
)

test('where a candidate diverged it may be worse: `better` needs that to be outweighed', async () => {
  const wide = numberedCases(80)
  const diverging = (every: number) =>
    sampleAgent((request) =>
      qualityOf(request) === 0.8 && Number(request.case.inputs.value) % every === 0
        ? { outcome: 'diverged', reason: 'refund' }
        : { output: qualityOf(request) },
    )
  const verdictOf = async (every: number) => {
    const { candidates } = await evaluateSample({ dataset: wide, agent: diverging(every) })
    expect(candidates[0]?.report.guards.map(({ standing }) => standing)).not.toContain('broken')
    return candidates[0]?.report
  }
  expect((await verdictOf(40))?.verdict).toBe('better')
  const half = await verdictOf(2)
  expect(half?.verdict).toBe('not enough evidence')
  expect(half?.why.join(' ')).toContain('On 40 cases')
})

test('an agent that fails from the start stops the experiment before more is spent', async () => {
  const agent = sampleAgent(() => ({ outcome: 'failed', reason: 'no such table' }))
  const { stopped, experiment } = await evaluateSample({ agent, parallel: 1 })
  expect(stopped).toContain('no such table')
  expect(agent.asked).toHaveLength(5)
  expect(experiment).toMatchObject({ status: 'stopped', stoppedBecause: stopped })
})

test("an agent that never reads the candidate's parameter is found out", async () => {
  const agent = sampleAgent(() => ({ output: 0.5, used: ['other'] }))
  const { stopped, candidates } = await evaluateSample({ agent, parallel: 1 })
  expect(stopped).toContain('quality was never used')
  expect(candidates[0]?.unused).toContain('never used')
  expect(agent.asked.length).toBeLessThan(24)
})

test('an agent without spans, whose outputs are the same on both sides, is said to show no use', async () => {
  const silent = { used: null, inputTokens: 0, outputTokens: 0, costUsd: null }
  const deaf = sampleAgent(({ case: { inputs } }) => ({
    ...silent,
    output: Number(inputs.value) / 20,
  }))
  const { candidates } = await evaluateSample({ agent: deaf })
  expect(candidates[0]?.unused).toContain('Nothing shows that the agent used the values of better')
  expect(candidates[0]?.own.tokens).toBeNull()
})

test('an agent without spans is not accused of that', async () => {
  const agent = sampleAgent((request) => ({ ...quality(request), used: null }))
  expect((await evaluateSample({ agent })).candidates[0]?.unused).toBeUndefined()
})

test('an agent whose source changes meanwhile stops the experiment', async () => {
  let calls = 0
  const agent = sampleAgent(quality, { hash: () => (calls++ === 0 ? 'one' : 'two') })
  const { stopped } = await evaluateSample({ agent })
  expect(stopped).toContain('source of the agent changed')
})

test('on runs that the candidate was learned from, what is shown is not its effect', async () => {
  const cases = Array.from({ length: 12 }, (_, index) => sampleCase(index, { run: `r${index}` }))
  const learnedFrom = new Set(['r3'])
  const { candidates } = await evaluateSample({ dataset: sampleDataset(cases), learnedFrom })
  expect(candidates[0]?.report.effect).toBeUndefined()
})

test('a limit of cases takes whole groups, the same ones each time', async () => {
  const grouped = sampleDataset(
    Array.from({ length: 12 }, (_, index) => sampleCase(index, { group: `g${index % 4}` })),
  )
  const agent = sampleAgent(quality)
  const { candidates } = await evaluateSample({ dataset: grouped, agent, limit: 7 })
  expect(candidates[0]?.report.counts).toMatchObject({ cases: 6, groups: 2 })
})

test('every look at a split is a row', async () => {
  const store = await memoryStore()
  const { experiment } = await evaluateSample({ store })
  const [look] = await store.looks('cases')
  expect(look).toMatchObject({
    split: 'validation',
    purpose: 'selection',
    experiment: experiment.id,
    spent: 0,
  })
  expect(look?.groups).toHaveLength(12)
})

test.each([
  ['a candidate that is the base', [candidateOf('same', { quality: 0.4 })]],
  ['two that are the same', [better, candidateOf('again', { quality: 0.8 })]],
  ['none', []],
])('%s is refused', async (_, candidates) => {
  await expect(evaluateSample({ candidates })).rejects.toMatchObject({ code: 'T2_CANDIDATE' })
})

test('a split without cases is said, with where the cases are', async () => {
  await expect(evaluateSample({ split: 'holdout' })).rejects.toMatchObject({
    code: 'T2_DATASET_SPLIT',
    message: expect.stringContaining('validation'),
  })
})
