import { expect, test } from 'vitest'
import { raise } from '../errors.ts'
import {
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { evaluateSample, quality } from '../testing/sample-experiment.ts'

test('scores that are none cost their trial only', async () => {
  const scores: readonly unknown[] = [Number.NaN, 1.2, -0.1, '1', null, Number.POSITIVE_INFINITY]
  const guide = {
    name: 'odd',
    definition: { kind: 'odd' },
    source: 'code' as const,
    judge: ({ input }: { input: { readonly [role: string]: unknown } }) => {
      const at = Number(input.value)
      if (at === 11) throw new Error('no verdict today')
      const score = at < scores.length ? scores[at] : 1
      return JSON.parse('{"comment":""}', (key, value) =>
        key === '' ? { ...value, score } : value,
      )
    },
  }
  const store = await memoryStore()
  const { candidates, experiment } = await evaluateSample({ store, scorer: scorerOf(guide) })
  const [only] = candidates
  // What no guide can judge on either side compares nothing.
  expect(only?.rows).toHaveLength(5)
  expect(only?.excluded).toHaveLength(7)
  const trials = await store.trials(experiment.id)
  const errors = trials.flatMap((trial) => trial.scores.flatMap(({ error }) => error ?? []))
  expect(errors).toHaveLength(14)
  expect(errors).toContain('no verdict today')
  expect(errors.some((error) => error.includes('1.2'))).toBe(true)
})

test('a guide that never answers is given up, and costs its own result', async () => {
  const guide = {
    name: 'silent',
    definition: { kind: 'silent' },
    source: 'code' as const,
    judge: () => new Promise<never>(() => {}),
  }
  const options = { scorer: scorerOf(guide), scoringLimitMs: 20, limit: 2 }
  const { candidates, experiment } = await evaluateSample(options)
  expect(experiment.status).toBe('done')
  expect(candidates[0]?.excluded[0]?.reason).toContain('gave no verdict')
})

test('a guide that has no word for one side costs that side', async () => {
  const guide = {
    name: 'half blind',
    definition: { kind: 'half blind' },
    source: 'code' as const,
    judge: ({ output }: { output: unknown }) => {
      if (output === 0.8) throw new Error('I cannot read this')
      return { score: 1, comment: '' }
    },
  }
  const { candidates } = await evaluateSample({ scorer: scorerOf(guide) })
  expect(candidates[0]?.report.counts.missing.candidate).toEqual({ 'no score': 12 })
  expect(candidates[0]?.report.effect?.mean).toBe(-1)
})

test('cases that have a reference because the base failed there decide nothing', async () => {
  const corrected = { reference: 0.8, metadata: { referenceFrom: 'correction' } }
  const cases = Array.from({ length: 12 }, (_, index) =>
    sampleCase(index, { run: `${index}`, ...(index % 3 === 0 ? corrected : {}) }),
  )
  const guide = {
    name: 'exact',
    definition: { kind: 'exact' },
    source: 'code' as const,
    judge: ({ output, reference }: { output: unknown; reference?: unknown }) => {
      if (reference === undefined) throw new Error('there is no reference')
      return { score: output === reference ? 1 : 0, comment: '' }
    },
  }
  const { candidates } = await evaluateSample({
    dataset: sampleDataset(cases),
    scorer: scorerOf(guide),
  })
  expect(candidates[0]?.report.effect).toBeUndefined()
  expect(candidates[0]?.report.onChoosingCases?.mean).toBe(1)
  expect(candidates[0]?.excluded).toHaveLength(8)
})

test('an experiment never shows what the guides of another said', async () => {
  const store = await memoryStore()
  await evaluateSample({ store })
  let isAway = true
  const other = {
    name: 'other',
    definition: { kind: 'other' },
    source: 'model' as const,
    judge: async () => {
      if (isAway) throw raise('T2_MODEL_KEY', 'no key')
      return { score: 0.25, comment: '' }
    },
  }
  const scorer = scorerOf(other)
  for (let attempt = 0; attempt < 6; attempt++) {
    await expect(evaluateSample({ store, scorer })).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
  }
  isAway = false
  const { candidates } = await evaluateSample({ store, scorer })
  expect(candidates[0]?.rows.map(({ own }) => own)).toEqual(Array(12).fill(0.25))
})

test.each([1, 3])(
  'a guide that compares sees the output of the base, %i at a time',
  async (parallel) => {
    const guide = {
      name: 'beside',
      definition: { kind: 'compare' },
      source: 'code' as const,
      judge: ({ output, base: of }: { output: unknown; base?: unknown }) => ({
        score: of === undefined ? 0 : output === of ? 0.5 : Number(output) > Number(of) ? 1 : 0,
        comment: '',
      }),
    }
    const agent = sampleAgent(async (request) => {
      // The base takes its time.
      if (qualityOf(request) === 0.4) await new Promise((resolve) => setTimeout(resolve, 5))
      return quality(request)
    })
    const { candidates } = await evaluateSample({
      agent,
      parallel,
      scorer: scorerOf(guide),
      repeats: 2,
    })
    expect(candidates[0]?.rows.map(({ base: of, own }) => [of, own])).toEqual(
      Array(12).fill([0.5, 1]),
    )
  },
)

test('a guide that compares sees what the base gave before the experiment was stopped', async () => {
  const store = await memoryStore()
  const seen: unknown[] = []
  const guide = {
    name: 'beside',
    definition: { kind: 'compare' },
    source: 'code' as const,
    judge: ({ base: of }: { base?: unknown }) => {
      seen.push(of)
      return { score: 1, comment: '' }
    },
  }
  const options = { store, scorer: scorerOf(guide), parallel: 1, agent: sampleAgent(quality) }
  await evaluateSample({ ...options, budget: { trials: 1 } })
  await evaluateSample(options)
  expect(seen).toEqual(Array(24).fill(0.4))
})
