import { openStore } from '@trace2/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TrialRequest } from '../agents/trial-agent.ts'
import {
  type SampleAnswer,
  sampleAgent,
  sampleCase,
  sampleDataset,
} from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { better, evaluateSample, numberedCases } from '../testing/sample-experiment.ts'
import { baseCandidate, candidateOf } from './candidate.ts'

test('an agent that does not have the parameter is told apart from one that does not use it', async () => {
  const unclaimed = ['quality', 'of another candidate']
  const agent = sampleAgent(() => ({ output: 0.5, used: ['other'], unclaimed }))
  const { candidates } = await evaluateSample({ agent, limit: 4 })
  expect(candidates[0]?.unused).toMatch(
    /^The agent has no parameter quality\. The value of quality was never used/,
  )
  // One without spans says it too.
  const silent = sampleAgent(() => ({ output: 0.5, used: null, unclaimed }))
  expect((await evaluateSample({ agent: silent, limit: 4 })).candidates[0]?.unused).toBe(
    'The agent has no parameter quality.',
  )
  // One that makes the parameter only in some trials has it.
  const late = sampleAgent(({ case: { inputs } }) =>
    inputs.value === 3
      ? { output: 0.5, used: ['quality'], unclaimed: [] }
      : { output: 0.5, used: [], unclaimed },
  )
  expect((await evaluateSample({ agent: late })).candidates[0]?.unused).toBeUndefined()
})

test('of several candidates, each is held to its own parameters', async () => {
  const agent = sampleAgent(() => ({ output: 0.5, used: ['quality'] }))
  const { candidates } = await evaluateSample({
    agent,
    limit: 4,
    candidates: [better, candidateOf('other', { tone: 'kind' })],
  })
  expect(candidates.map(({ unused }) => unused)).toEqual([
    undefined,
    expect.stringContaining('The value of tone was never used by other'),
  ])
})

test('a base that has no value to use is not accused, however many cases there are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 25 }), fc.boolean(), async (count, cached) => {
      const store = await openStore(':memory:')
      try {
        const dataset = sampleDataset(Array.from({ length: count }, (_, at) => sampleCase(at)))
        const agent = sampleAgent(({ values }) => ({
          output: 0.5,
          used: values.quality === undefined ? ['other'] : ['other', 'quality'],
        }))
        const options = { store, dataset, agent, base: baseCandidate({}) }
        if (cached)
          await evaluateSample({ ...options, candidates: [candidateOf('first', { quality: 0.7 })] })
        const { stopped, candidates } = await evaluateSample(options)
        expect(stopped).toBeUndefined()
        expect(candidates[0]?.unused).toBeUndefined()
        expect(candidates[0]?.rows).toHaveLength(count)
      } finally {
        await store.close()
      }
    }),
    { numRuns: 8 },
  )
})

test('a candidate that is used keeps the experiment going for one that is not', async () => {
  const dataset = numberedCases(30)
  const agent = sampleAgent(() => ({ output: 0.5, used: ['quality'] }))
  const other = candidateOf('other', { tone: 'kind' })
  const { stopped, candidates } = await evaluateSample({
    agent,
    dataset,
    candidates: [better, other],
  })
  expect(stopped).toBeUndefined()
  expect(candidates[1]?.unused).toContain('never used by other on 30 cases')
})

test('asked again, it looks at further cases for a use', async () => {
  const store = await memoryStore()
  const dataset = numberedCases(15)
  const agent = sampleAgent(() => ({ output: 0.5, used: [] }))
  const options = { store, dataset, agent, parallel: 1 }
  expect((await evaluateSample(options)).stopped).toContain('never used')
  const { stopped, candidates } = await evaluateSample(options)
  expect(stopped).toBeUndefined()
  expect(candidates[0]?.unused).toContain('on 15 cases')
})

const many = numberedCases(40)

test.each<[string, (at: unknown) => SampleAnswer, string]>([
  [
    'fails alike',
    (at) => ({ outcome: 'failed', reason: `Error: no sandbox for "${at}" in ${at} ms` }),
    'have all failed alike: Error: no sandbox',
  ],
  ['diverges', (at) => ({ outcome: 'diverged', reason: `refund(${at})` }), '--no-replay'],
])('a candidate that %s on every case stops the experiment early', async (_, fault, said) => {
  for (const parallel of [1, 4]) {
    const agent = sampleAgent(({ values, case: { inputs } }) =>
      values.quality === 0.8 ? fault(inputs.value) : { output: 0.4 },
    )
    const { stopped } = await evaluateSample({ agent, dataset: many, parallel })
    expect(stopped).toContain(said)
    expect(agent.asked.length).toBeLessThanOrEqual(2 * 10 + 2 * parallel)
  }
})

test.each<[string, (request: TrialRequest) => SampleAnswer]>([
  [
    'a base that always fails alike',
    ({ values }) =>
      values.quality === 0.4 ? { outcome: 'failed', reason: 'no route' } : { output: 1 },
  ],
  [
    'a candidate that fails in ways of its own',
    ({ values, case: { inputs } }) =>
      values.quality === 0.8
        ? { outcome: 'failed', reason: 'abcdefghij'.slice(0, 1 + (Number(inputs.value) % 9)) }
        : { output: 1 },
  ],
  [
    'a candidate that diverges here and there',
    ({ values, case: { inputs } }) =>
      values.quality === 0.8 && Number(inputs.value) % 3 === 0
        ? { outcome: 'diverged', reason: 'refund' }
        : { output: 1 },
  ],
])('%s is tried to the end', async (_, answer) => {
  const { stopped } = await evaluateSample({ agent: sampleAgent(answer), dataset: many })
  expect(stopped).toBeUndefined()
})
