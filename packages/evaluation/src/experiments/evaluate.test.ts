import { openStore } from '@trace2/store'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { raise } from '../errors.ts'
import {
  qualityOf,
  type SampleAnswer,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { type EvaluateOptions, evaluate } from './evaluate.ts'
import type { TrialRequest } from './trial-agent.ts'

const base = baseCandidate({ quality: 0.4 })
const better = candidateOf('better', { quality: 0.8 })
const dataset = sampleDataset(Array.from({ length: 12 }, (_, index) => sampleCase(index)))

async function memory() {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  return store
}

const quality = (request: TrialRequest): SampleAnswer => ({ output: qualityOf(request) })

async function run(given: Partial<EvaluateOptions> = {}) {
  return evaluate({
    store: await memory(),
    dataset,
    base,
    candidates: [better],
    agent: sampleAgent(quality),
    scorer: scorerOf(),
    ...given,
  })
}

test('both sides run on each case, and the difference is told', async () => {
  const agent = sampleAgent(quality)
  const { candidates, spent, experiment, stopped } = await run({ agent, repeats: 2 })
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
  const { candidates } = await run({ agent })
  expect(candidates[0]?.rows[0]?.case.inputs).toEqual({ value: 3 })
  expect(candidates[0]?.rows[0]?.difference).toBeCloseTo(-0.4)
})

test('trials belong to one trace each, and the base is not always first', async () => {
  const agent = sampleAgent(quality)
  await run({ agent, parallel: 1 })
  expect(new Set(agent.asked.map(({ traceId }) => traceId)).size).toBe(24)
  const firsts = agent.asked.filter((_, index) => index % 2 === 0).map(qualityOf)
  expect(new Set(firsts)).toEqual(new Set([0.4, 0.8]))
})

test('the same again is answered from the store; --again runs anew', async () => {
  const store = await memory()
  const agent = sampleAgent(quality)
  const first = await run({ store, agent })
  const second = await run({ store, agent })
  expect(agent.asked).toHaveLength(24)
  expect(second.experiment.id).toBe(first.experiment.id)
  expect(first.spent).toMatchObject({ trials: 24, earlier: 0 })
  expect(second.spent).toMatchObject({ trials: 24, earlier: 24 })
  expect(second.candidates[0]?.report.effect?.mean).toBeCloseTo(0.4)
  const third = await run({ store, agent, again: true })
  expect(agent.asked).toHaveLength(48)
  expect(third.experiment.id).not.toBe(first.experiment.id)
})

test('another candidate does not pay for the trials of the base again', async () => {
  const store = await memory()
  const agent = sampleAgent(quality)
  await run({ store, agent })
  const other = await run({ store, agent, candidates: [candidateOf('worse', { quality: 0.2 })] })
  expect(agent.asked).toHaveLength(36)
  expect(other.spent).toMatchObject({ trials: 12, cached: 12 })
  expect(other.candidates[0]?.report.effect?.mean).toBeCloseTo(-0.2)
})

test('nothing is taken from other experiments where the source of the agent is not known', async () => {
  const store = await memory()
  const agent = sampleAgent(quality, { hash: () => null })
  await run({ store, agent })
  await run({ store, agent, candidates: [candidateOf('worse', { quality: 0.2 })] })
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
            return run({ store, agent, parallel, signal: controller.signal })
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
  const store = await memory()
  const failing = {
    ...store,
    putTrials: async (trials: Parameters<typeof store.putTrials>[0]) => {
      if (trials.some(({ outcome }) => outcome === 'done')) throw new Error('disk full')
      return store.putTrials(trials)
    },
  }
  await expect(run({ store: failing })).rejects.toThrow('disk full')
  const agent = sampleAgent(quality)
  const { experiment } = await run({ store, agent })
  expect(experiment.status).toBe('done')
  expect(agent.asked).toHaveLength(24)
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
  const { candidates, experiment } = await run({ agent })
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
    const { candidates } = await run({ agent })
    expect(candidates[0]?.rows).toHaveLength(11)
    expect(candidates[0]?.excluded).toEqual([{ case: sampleCase(5).id, outcome, reason: 'why' }])
  },
)

test('where a candidate diverged it may be worse: `better` needs that to be outweighed', async () => {
  const wide = sampleDataset(Array.from({ length: 80 }, (_, index) => sampleCase(index)))
  const diverging = (every: number) =>
    sampleAgent((request) =>
      qualityOf(request) === 0.8 && Number(request.case.inputs.value) % every === 0
        ? { outcome: 'diverged', reason: 'refund' }
        : { output: qualityOf(request) },
    )
  const verdictOf = async (every: number) => {
    const { candidates } = await run({ dataset: wide, agent: diverging(every) })
    expect(candidates[0]?.report.guards.map(({ standing }) => standing)).not.toContain('broken')
    return candidates[0]?.report
  }
  expect((await verdictOf(40))?.verdict).toBe('better')
  const half = await verdictOf(2)
  expect(half?.verdict).toBe('not enough evidence')
  expect(half?.why.join(' ')).toContain('On 40 cases')
})

test('what a trial of another experiment cost is known with it', async () => {
  const store = await memory()
  const many = sampleDataset(Array.from({ length: 60 }, (_, index) => sampleCase(index)))
  const agent = sampleAgent((request) => ({
    ...quality(request),
    costUsd: qualityOf(request) === 0.8 ? 0.01 : 0.001,
  }))
  const guards = { costUsd: '+10%', tokens: '+10%', latencyMs: '+20%', errors: '+0' }
  const first = await run({ store, agent, dataset: many, gate: { guards } })
  const half = {
    name: 'half',
    definition: { kind: 'half' },
    source: 'code' as const,
    judge: ({ output }: { output: unknown }) => ({ score: Number(output) / 2, comment: '' }),
  }
  const again = await run({ store, agent, dataset: many, gate: { guards }, scorer: scorerOf(half) })
  expect(again.spent).toMatchObject({ trials: 0, cached: 120 })
  const [before, after] = [first.candidates[0], again.candidates[0]]
  expect(after?.report.guards).toEqual(before?.report.guards)
  expect(after?.report.verdict).toBe('worse')
  for (const side of ['base', 'own'] as const) {
    const { latencyMs, tokens, costUsd } = before?.[side] ?? {}
    expect(after?.[side]).toMatchObject({ latencyMs, tokens, costUsd })
  }
})

test.each<[string, SampleAnswer, string, string]>([
  ['of unknown price', { costUsd: null }, 'not enough evidence', 'price'],
  [
    'without spans',
    { costUsd: null, inputTokens: 0, outputTokens: 0, used: null },
    'better',
    'spans',
  ],
  [
    'without a model',
    { costUsd: null, inputTokens: 0, outputTokens: 0 },
    'better',
    'asked a model',
  ],
])('a guard on the cost of trials %s is said not to be seen', async (_, told, verdict, why) => {
  const many = sampleDataset(Array.from({ length: 60 }, (_, index) => sampleCase(index)))
  const agent = sampleAgent((request) => ({ ...quality(request), ...told }))
  const gate = { guards: { costUsd: '+10%' } }
  const { candidates } = await run({ agent, gate, dataset: many })
  expect(candidates[0]?.report.verdict).toBe(verdict)
  expect(candidates[0]?.unseenGuards).toMatchObject([
    { name: 'costUsd', why: expect.stringContaining(why) },
  ])
  if (told.used === null) expect(candidates[0]?.own.tokens).toBeNull()
})

test('an agent that fails from the start stops the experiment before more is spent', async () => {
  const agent = sampleAgent(() => ({ outcome: 'failed', reason: 'no such table' }))
  const { stopped, experiment } = await run({ agent, parallel: 1 })
  expect(stopped).toContain('no such table')
  expect(agent.asked).toHaveLength(5)
  expect(experiment).toMatchObject({ status: 'stopped', stoppedBecause: stopped })
})

test("an agent that never reads the candidate's parameter is found out", async () => {
  const agent = sampleAgent(() => ({ output: 0.5, used: ['other'] }))
  const { stopped, candidates } = await run({ agent, parallel: 1 })
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
  const { candidates } = await run({ agent: deaf })
  expect(candidates[0]?.unused).toContain('Nothing shows that the agent used the values of better')
  expect(candidates[0]?.own.tokens).toBeNull()
})

test('an agent without spans is not accused of that', async () => {
  const agent = sampleAgent((request) => ({ ...quality(request), used: null }))
  expect((await run({ agent })).candidates[0]?.unused).toBeUndefined()
})

test('an agent whose source changes meanwhile stops the experiment', async () => {
  let calls = 0
  const agent = sampleAgent(quality, { hash: () => (calls++ === 0 ? 'one' : 'two') })
  const { stopped } = await run({ agent })
  expect(stopped).toContain('source of the agent changed')
})

test('what was known before, free or of unknown cost, makes no trial look cheaper than it is', async () => {
  const store = await memory()
  const unknown = sampleAgent((request) => ({ ...quality(request), costUsd: null }))
  await run({ store, agent: unknown, candidates: [candidateOf('first', { quality: 0.6 })] })
  const dear = sampleAgent((request) => ({ ...quality(request), costUsd: 0.6 }))
  const { stopped, spent } = await run({ store, agent: dear, budget: { costUsd: 1 }, parallel: 3 })
  expect(dear.asked).toHaveLength(1)
  expect(spent.costUsd).toBe(0.6)
  expect(stopped).toContain('a trial costs about $0.6000')
})

test.each<[string, NonNullable<EvaluateOptions['budget']>, number]>([
  ['trials', { trials: 10 }, 10],
  ['tokens', { tokens: 15 * 7 }, 7],
  ['money', { costUsd: 0.0091 }, 9],
])('a limit of %s is kept, and the experiment goes on with more', async (_, budget, most) => {
  const store = await memory()
  const agent = sampleAgent(quality)
  const { stopped, experiment } = await run({ store, agent, budget, parallel: 3 })
  expect(stopped).toContain('limit')
  expect(experiment.status).toBe('stopped')
  expect(agent.asked.length).toBeLessThanOrEqual(most)
  expect(agent.asked.length).toBeGreaterThan(most / 2)
  await run({ store, agent })
  expect(agent.asked).toHaveLength(24)
})

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
  const store = await memory()
  const { candidates, experiment } = await run({ store, scorer: scorerOf(guide) })
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
  const { candidates, experiment } = await run(options)
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
  const { candidates } = await run({ scorer: scorerOf(guide) })
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
  const { candidates } = await run({ dataset: sampleDataset(cases), scorer: scorerOf(guide) })
  expect(candidates[0]?.report.effect).toBeUndefined()
  expect(candidates[0]?.report.onChoosingCases?.mean).toBe(1)
  expect(candidates[0]?.excluded).toHaveLength(8)
})

test('an experiment never shows what the guides of another said', async () => {
  const store = await memory()
  await run({ store })
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
    await expect(run({ store, scorer })).rejects.toMatchObject({ code: 'T2_MODEL_KEY' })
  }
  isAway = false
  const { candidates } = await run({ store, scorer })
  expect(candidates[0]?.rows.map(({ own }) => own)).toEqual(Array(12).fill(0.25))
})

test('failures of before do not stop an experiment that goes on', async () => {
  const store = await memory()
  const failing = (request: TrialRequest): SampleAnswer =>
    Number(request.case.inputs.value) < 8 ? { outcome: 'failed', reason: 'x' } : quality(request)
  const first = await run({ store, agent: sampleAgent(quality), limit: 2 })
  expect(first.experiment.status).toBe('done')
  await run({ store, agent: sampleAgent(failing), parallel: 1 })
  const again = await run({ store, agent: sampleAgent(failing), parallel: 1 })
  expect(again.stopped).toBeUndefined()
  expect(again.candidates[0]?.rows).toHaveLength(12)
})

test('on runs that the candidate was learned from, what is shown is not its effect', async () => {
  const cases = Array.from({ length: 12 }, (_, index) => sampleCase(index, { run: `r${index}` }))
  const learnedFrom = new Set(['r3'])
  const { candidates } = await run({ dataset: sampleDataset(cases), learnedFrom })
  expect(candidates[0]?.report.effect).toBeUndefined()
})

test('guides that came later score what was run before', async () => {
  const store = await memory()
  const agent = sampleAgent(quality)
  await run({ store, agent })
  const half = {
    name: 'half',
    definition: { kind: 'half' },
    source: 'code' as const,
    judge: ({ output }: { output: unknown }) => ({ score: Number(output) / 2, comment: '' }),
  }
  const { candidates } = await run({ store, agent, scorer: scorerOf(half) })
  expect(agent.asked).toHaveLength(24)
  expect(candidates[0]?.report.effect?.mean).toBeCloseTo(0.2)
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
    const { candidates } = await run({ agent, parallel, scorer: scorerOf(guide), repeats: 2 })
    expect(candidates[0]?.rows.map(({ base: of, own }) => [of, own])).toEqual(
      Array(12).fill([0.5, 1]),
    )
  },
)

test('a guide that compares sees what the base gave before the experiment was stopped', async () => {
  const store = await memory()
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
  await run({ ...options, budget: { trials: 1 } })
  await run(options)
  expect(seen).toEqual(Array(24).fill(0.4))
})

test('a limit of cases takes whole groups, the same ones each time', async () => {
  const grouped = sampleDataset(
    Array.from({ length: 12 }, (_, index) => sampleCase(index, { group: `g${index % 4}` })),
  )
  const agent = sampleAgent(quality)
  const { candidates } = await run({ dataset: grouped, agent, limit: 7 })
  expect(candidates[0]?.report.counts).toMatchObject({ cases: 6, groups: 2 })
})

test('every look at a split is a row', async () => {
  const store = await memory()
  const { experiment } = await run({ store })
  const [look] = await store.looks('cases')
  expect(look).toMatchObject({
    split: 'validation',
    purpose: 'selection',
    experiment: experiment.id,
    spent: 0,
  })
  expect(look?.groups).toHaveLength(12)
})

test('a guard on what is not known is left out, and one on cost is watched', async () => {
  const dear = sampleAgent((request) => ({
    ...quality(request),
    costUsd: qualityOf(request) === 0.8 ? 0.01 : 0.001,
  }))
  const gate = { guards: { costUsd: '+10%', latencyMs: '+20%', errors: '+0' } }
  const many = sampleDataset(Array.from({ length: 60 }, (_, index) => sampleCase(index)))
  const { candidates } = await run({ agent: dear, gate, dataset: many })
  const guards = candidates[0]?.report.guards.map(({ name, standing }) => [name, standing])
  expect(guards).toContainEqual(['costUsd', 'broken'])
  expect(candidates[0]?.report.verdict).toBe('worse')
  const free = sampleAgent((request) => ({ ...quality(request), costUsd: null }))
  const unknown = await run({ agent: free, gate })
  expect(unknown.candidates[0]?.report.guards.map(({ name }) => name)).not.toContain('costUsd')
})

test('a guard on what neither side uses any of withholds nothing', async () => {
  const silent = sampleAgent((request) => ({
    ...quality(request),
    inputTokens: 0,
    outputTokens: 0,
  }))
  const many = sampleDataset(Array.from({ length: 60 }, (_, index) => sampleCase(index)))
  const gate = { guards: { tokens: '+20%' } }
  const { candidates } = await run({ agent: silent, gate, dataset: many })
  expect(candidates[0]?.report).toMatchObject({
    verdict: 'better',
    guards: [{ name: 'tokens', standing: 'open', needs: 'not broken' }],
  })
})

test('a guard on a guide that there is not is refused before anything runs', async () => {
  const agent = sampleAgent(quality)
  const given = run({ agent, gate: { guards: { politness: '-0.05' } } })
  await expect(given).rejects.toMatchObject({
    code: 'T2_GATE_OPTIONS',
    message: expect.stringContaining('no guide is called so'),
  })
  expect(agent.asked).toHaveLength(0)
})

test.each([
  ['a candidate that is the base', [candidateOf('same', { quality: 0.4 })]],
  ['two that are the same', [better, candidateOf('again', { quality: 0.8 })]],
  ['none', []],
])('%s is refused', async (_, candidates) => {
  await expect(run({ candidates })).rejects.toMatchObject({ code: 'T2_CANDIDATE' })
})

test('a split without cases is said, with where the cases are', async () => {
  await expect(run({ split: 'holdout' })).rejects.toMatchObject({
    code: 'T2_DATASET_SPLIT',
    message: expect.stringContaining('validation'),
  })
})
