import { describe, expect, test } from 'vitest'
import { basisText, severalText } from '../report/index.ts'
import { qualityOf, sampleAgent, sampleDataset } from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { better, evaluateSample, numberedCases } from '../testing/sample-experiment.ts'
import { candidateOf } from './candidate.ts'
import { readExperiment } from './stored.ts'

describe('of several candidates', () => {
  const many = numberedCases(60)
  const same = candidateOf('same', { quality: 0.4, tone: 'kind' })
  const agent = () =>
    sampleAgent((request) => ({ output: qualityOf(request), used: ['quality', 'tone'] }))

  test('those that are better are named, and the cases choose: no effect is given as one', async () => {
    const store = await memoryStore()
    const result = await evaluateSample({
      store,
      dataset: many,
      agent: agent(),
      candidates: [better, same],
    })
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
    const { several } = await evaluateSample({
      dataset: many,
      agent: agent(),
      candidates: [same, candidateOf('also', { tone: 'cold' })],
    })
    expect(several?.better).toEqual([])
  })

  test('one alone has an effect, unless it was made of these cases', async () => {
    const alone = await evaluateSample({ dataset: many, agent: agent() })
    expect(alone.several).toBeUndefined()
    expect(alone.candidates[0]?.report.effect?.basis).toBe('fresh')
    const learned = sampleDataset(many.cases.map((one) => ({ ...one, split: 'train' })))
    const { candidates } = await evaluateSample({
      dataset: learned,
      split: 'train',
      agent: agent(),
    })
    expect(candidates[0]?.report.onChoosingCases?.basis).toBe('chose the candidate')
  })
})
