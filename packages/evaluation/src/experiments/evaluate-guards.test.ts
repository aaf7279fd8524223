import { expect, test } from 'vitest'
import { qualityOf, type SampleAnswer, sampleAgent } from '../testing/experiments.ts'
import { evaluateSample, numberedCases, quality } from '../testing/sample-experiment.ts'

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
  const many = numberedCases(60)
  const agent = sampleAgent((request) => ({ ...quality(request), ...told }))
  const gate = { guards: { costUsd: '+10%' } }
  const { candidates } = await evaluateSample({ agent, gate, dataset: many })
  expect(candidates[0]?.report.verdict).toBe(verdict)
  expect(candidates[0]?.unseenGuards).toMatchObject([
    { name: 'costUsd', why: expect.stringContaining(why) },
  ])
  if (told.used === null) expect(candidates[0]?.own.tokens).toBeNull()
})

test('a guard on what is not known is left out, and one on cost is watched', async () => {
  const dear = sampleAgent((request) => ({
    ...quality(request),
    costUsd: qualityOf(request) === 0.8 ? 0.01 : 0.001,
  }))
  const gate = { guards: { costUsd: '+10%', latencyMs: '+20%', errors: '+0' } }
  const many = numberedCases(60)
  const { candidates } = await evaluateSample({ agent: dear, gate, dataset: many })
  const guards = candidates[0]?.report.guards.map(({ name, standing }) => [name, standing])
  expect(guards).toContainEqual(['costUsd', 'broken'])
  expect(candidates[0]?.report.verdict).toBe('worse')
  const free = sampleAgent((request) => ({ ...quality(request), costUsd: null }))
  const unknown = await evaluateSample({ agent: free, gate })
  expect(unknown.candidates[0]?.report.guards.map(({ name }) => name)).not.toContain('costUsd')
})

test('a guard on what neither side uses any of withholds nothing', async () => {
  const silent = sampleAgent((request) => ({
    ...quality(request),
    inputTokens: 0,
    outputTokens: 0,
  }))
  const many = numberedCases(60)
  const gate = { guards: { tokens: '+20%' } }
  const { candidates } = await evaluateSample({ agent: silent, gate, dataset: many })
  expect(candidates[0]?.report).toMatchObject({
    verdict: 'better',
    guards: [{ name: 'tokens', standing: 'open', needs: 'not broken' }],
  })
})

test('a guard on a guide that there is not is refused before anything runs', async () => {
  const agent = sampleAgent(quality)
  const given = evaluateSample({ agent, gate: { guards: { politness: '-0.05' } } })
  await expect(given).rejects.toMatchObject({
    code: 'T2_GATE_OPTIONS',
    message: expect.stringContaining('no guide is called so'),
  })
  expect(agent.asked).toHaveLength(0)
})
