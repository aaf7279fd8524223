import { openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { sampleAgent, sampleCase, sampleDataset, scorerOf } from '../testing/experiments.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { type EvaluateOptions, evaluate } from './evaluate.ts'

const better = candidateOf('better', { quality: 0.8 })

async function memory() {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  return store
}

async function run(given: Partial<EvaluateOptions> = {}) {
  return evaluate({
    store: await memory(),
    dataset: sampleDataset(Array.from({ length: 12 }, (_, index) => sampleCase(index))),
    base: baseCandidate({ quality: 0.4 }),
    candidates: [better],
    agent: sampleAgent(() => ({ output: 0.5 })),
    scorer: scorerOf(),
    ...given,
  })
}

test('an agent that does not have the parameter is told apart from one that does not use it', async () => {
  const unclaimed = ['quality', 'of another candidate']
  const agent = sampleAgent(() => ({ output: 0.5, used: ['other'], unclaimed }))
  const { candidates } = await run({ agent, limit: 4 })
  expect(candidates[0]?.unused).toMatch(
    /^The agent has no parameter quality\. The value of quality was never used/,
  )
  // One without spans says it too.
  const silent = sampleAgent(() => ({ output: 0.5, used: null, unclaimed }))
  expect((await run({ agent: silent, limit: 4 })).candidates[0]?.unused).toBe(
    'The agent has no parameter quality.',
  )
  // One that makes the parameter only in some trials has it.
  const late = sampleAgent(({ case: { inputs } }) =>
    inputs.value === 3
      ? { output: 0.5, used: ['quality'], unclaimed: [] }
      : { output: 0.5, used: [], unclaimed },
  )
  expect((await run({ agent: late })).candidates[0]?.unused).toBeUndefined()
})

test('of several candidates, each is held to its own parameters', async () => {
  const agent = sampleAgent(() => ({ output: 0.5, used: ['quality'] }))
  const { candidates } = await run({
    agent,
    limit: 4,
    candidates: [better, candidateOf('other', { tone: 'kind' })],
  })
  expect(candidates.map(({ unused }) => unused)).toEqual([
    undefined,
    expect.stringContaining('The value of tone was never used by other'),
  ])
})
