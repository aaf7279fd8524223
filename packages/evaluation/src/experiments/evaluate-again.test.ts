import { openStore } from '@trace2/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TrialRequest } from '../agents/trial-agent.ts'
import { qualityOf, type SampleAnswer, sampleAgent, scorerOf } from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { evaluateSample, numberedCases, quality } from '../testing/sample-experiment.ts'
import { candidateOf } from './candidate.ts'
import type { EvaluateOptions } from './evaluate.ts'

test('the same again is answered from the store; --again runs anew', async () => {
  const store = await memoryStore()
  const agent = sampleAgent(quality)
  const first = await evaluateSample({ store, agent })
  const second = await evaluateSample({ store, agent })
  expect(agent.asked).toHaveLength(24)
  expect(second.experiment.id).toBe(first.experiment.id)
  expect(first.spent).toMatchObject({ trials: 24, earlier: 0 })
  expect(second.spent).toMatchObject({ trials: 24, earlier: 24 })
  expect(second.candidates[0]?.report.effect?.mean).toBeCloseTo(0.4)
  const third = await evaluateSample({ store, agent, again: true })
  expect(agent.asked).toHaveLength(48)
  expect(third.experiment.id).not.toBe(first.experiment.id)
})

test('another candidate does not pay for the trials of the base again', async () => {
  const store = await memoryStore()
  const agent = sampleAgent(quality)
  await evaluateSample({ store, agent })
  const other = await evaluateSample({
    store,
    agent,
    candidates: [candidateOf('worse', { quality: 0.2 })],
  })
  expect(agent.asked).toHaveLength(36)
  expect(other.spent).toMatchObject({ trials: 12, cached: 12 })
  expect(other.candidates[0]?.report.effect?.mean).toBeCloseTo(-0.2)
})

test('nothing is taken from other experiments where the source of the agent is not known', async () => {
  const store = await memoryStore()
  const agent = sampleAgent(quality, { hash: () => null })
  await evaluateSample({ store, agent })
  await evaluateSample({ store, agent, candidates: [candidateOf('worse', { quality: 0.2 })] })
  expect(agent.asked).toHaveLength(48)
})

test('an experiment that is stopped anywhere goes on, and no trial is paid for twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (stops, parallel) => {
        const store = await openStore(':memory:')
        try {
          const paid: string[] = []
          const go = (most: number) => {
            const controller = new AbortController()
            let left = most
            const agent = sampleAgent((request) => {
              paid.push(`${request.trial}`)
              if (--left === 0) controller.abort()
              return { outcome: 'done', output: qualityOf(request) }
            })
            return evaluateSample({ store, agent, parallel, signal: controller.signal })
          }
          for (const stop of stops) {
            const { experiment, stopped } = await go(stop)
            expect(experiment.status).toBe(stopped === undefined ? 'done' : 'stopped')
          }
          const end = await go(1_000)
          expect(end.experiment.status).toBe('done')
          expect(end.candidates[0]?.rows).toHaveLength(12)
          expect(new Set(paid).size).toBe(paid.length)
          expect(paid).toHaveLength(24)
        } finally {
          await store.close()
        }
      },
    ),
    { numRuns: 15 },
  )
})

test('a trial that was under way when the process ended is run again', async () => {
  const store = await memoryStore()
  const failing = {
    ...store,
    putTrials: async (trials: Parameters<typeof store.putTrials>[0]) => {
      if (trials.some(({ outcome }) => outcome === 'done')) throw new Error('disk full')
      return store.putTrials(trials)
    },
  }
  await expect(evaluateSample({ store: failing })).rejects.toThrow('disk full')
  const agent = sampleAgent(quality)
  const { experiment } = await evaluateSample({ store, agent })
  expect(experiment.status).toBe('done')
  expect(agent.asked).toHaveLength(24)
})

test('what a trial of another experiment cost is known with it', async () => {
  const store = await memoryStore()
  const many = numberedCases(60)
  const agent = sampleAgent((request) => ({
    ...quality(request),
    costUsd: qualityOf(request) === 0.8 ? 0.01 : 0.001,
  }))
  const guards = { costUsd: '+10%', tokens: '+10%', latencyMs: '+20%', errors: '+0' }
  const first = await evaluateSample({ store, agent, dataset: many, gate: { guards } })
  const half = {
    name: 'half',
    definition: { kind: 'half' },
    source: 'code' as const,
    judge: ({ output }: { output: unknown }) => ({ score: Number(output) / 2, comment: '' }),
  }
  const again = await evaluateSample({
    store,
    agent,
    dataset: many,
    gate: { guards },
    scorer: scorerOf(half),
  })
  expect(again.spent).toMatchObject({ trials: 0, cached: 120 })
  const [before, after] = [first.candidates[0], again.candidates[0]]
  expect(after?.report.guards).toEqual(before?.report.guards)
  expect(after?.report.verdict).toBe('worse')
  for (const side of ['base', 'own'] as const) {
    const { latencyMs, tokens, costUsd } = before?.[side] ?? {}
    expect(after?.[side]).toMatchObject({ latencyMs, tokens, costUsd })
  }
})

test('what was known before, free or of unknown cost, makes no trial look cheaper than it is', async () => {
  const store = await memoryStore()
  const unknown = sampleAgent((request) => ({ ...quality(request), costUsd: null }))
  await evaluateSample({
    store,
    agent: unknown,
    candidates: [candidateOf('first', { quality: 0.6 })],
  })
  const dear = sampleAgent((request) => ({ ...quality(request), costUsd: 0.6 }))
  const { stopped, spent } = await evaluateSample({
    store,
    agent: dear,
    budget: { costUsd: 1 },
    parallel: 3,
  })
  expect(dear.asked).toHaveLength(1)
  expect(spent.costUsd).toBe(0.6)
  expect(stopped).toContain('a trial costs about $0.6000')
})

test.each<[string, NonNullable<EvaluateOptions['budget']>, number]>([
  ['trials', { trials: 10 }, 10],
  ['tokens', { tokens: 15 * 7 }, 7],
  ['money', { costUsd: 0.0091 }, 9],
])('a limit of %s is kept, and the experiment goes on with more', async (_, budget, most) => {
  const store = await memoryStore()
  const agent = sampleAgent(quality)
  const { stopped, experiment } = await evaluateSample({ store, agent, budget, parallel: 3 })
  expect(stopped).toContain('limit')
  expect(experiment.status).toBe('stopped')
  expect(agent.asked.length).toBeLessThanOrEqual(most)
  expect(agent.asked.length).toBeGreaterThan(most / 2)
  await evaluateSample({ store, agent })
  expect(agent.asked).toHaveLength(24)
})

test('failures of before do not stop an experiment that goes on', async () => {
  const store = await memoryStore()
  const failing = (request: TrialRequest): SampleAnswer =>
    Number(request.case.inputs.value) < 8 ? { outcome: 'failed', reason: 'x' } : quality(request)
  const first = await evaluateSample({ store, agent: sampleAgent(quality), limit: 2 })
  expect(first.experiment.status).toBe('done')
  await evaluateSample({ store, agent: sampleAgent(failing), parallel: 1 })
  const again = await evaluateSample({ store, agent: sampleAgent(failing), parallel: 1 })
  expect(again.stopped).toBeUndefined()
  expect(again.candidates[0]?.rows).toHaveLength(12)
})

test('guides that came later score what was run before', async () => {
  const store = await memoryStore()
  const agent = sampleAgent(quality)
  await evaluateSample({ store, agent })
  const half = {
    name: 'half',
    definition: { kind: 'half' },
    source: 'code' as const,
    judge: ({ output }: { output: unknown }) => ({ score: Number(output) / 2, comment: '' }),
  }
  const { candidates } = await evaluateSample({ store, agent, scorer: scorerOf(half) })
  expect(agent.asked).toHaveLength(24)
  expect(candidates[0]?.report.effect?.mean).toBeCloseTo(0.2)
})
