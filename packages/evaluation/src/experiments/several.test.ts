import { openStore } from '@trace2/store'
import { describe, expect, onTestFinished, test } from 'vitest'
import { basisText, severalText } from '../report/index.ts'
import {
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { type EvaluateOptions, evaluate } from './evaluate.ts'
import { readExperiment } from './stored.ts'

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
    agent: sampleAgent((request) => ({ output: qualityOf(request) })),
    scorer: scorerOf(),
    ...given,
  })
}

describe('of several candidates', () => {
  const many = sampleDataset(Array.from({ length: 60 }, (_, index) => sampleCase(index)))
  const same = candidateOf('same', { quality: 0.4, tone: 'kind' })
  const agent = () =>
    sampleAgent((request) => ({ output: qualityOf(request), used: ['quality', 'tone'] }))

  test('those that are better are named, and the cases choose: no effect is given as one', async () => {
    const store = await memory()
    const result = await run({ store, dataset: many, agent: agent(), candidates: [better, same] })
    expect(result.several).toEqual({ better: [better.id], alpha: 0.05 })
    for (const { report } of result.candidates) {
      expect(report.effect).toBeUndefined()
      expect(report.onChoosingCases?.basis).toBe('chose the candidate')
    }
    // What is read from the store later says the same.
    const { several, candidates } = await readExperiment(
      { dataset: async () => many, trials: (id) => store.trials(id) },
      result.experiment,
    )
    expect(several).toEqual(result.several)
    expect(candidates[0]?.report.onChoosingCases?.basis).toBe('chose the candidate')
    expect(severalText(result)).toContain('Of 2 candidates, better has a higher mean score')
    const [first] = result.candidates
    expect(first?.report.onChoosingCases && basisText(first.report.onChoosingCases, result)).toBe(
      'on the cases that choose among 2 candidates: the best looks better there than it is',
    )
  })

  test('none is named where none is better', async () => {
    const { several } = await run({
      dataset: many,
      agent: agent(),
      candidates: [same, candidateOf('also', { tone: 'cold' })],
    })
    expect(several?.better).toEqual([])
  })

  test('one alone has an effect, unless it was made of these cases', async () => {
    const alone = await run({ dataset: many, agent: agent() })
    expect(alone.several).toBeUndefined()
    expect(alone.candidates[0]?.report.effect?.basis).toBe('fresh')
    const learned = sampleDataset(many.cases.map((one) => ({ ...one, split: 'train' })))
    const { candidates } = await run({ dataset: learned, split: 'train', agent: agent() })
    expect(candidates[0]?.report.onChoosingCases?.basis).toBe('chose the candidate')
  })
})
