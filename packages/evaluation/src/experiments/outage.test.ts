import { expect, test } from 'vitest'
import { qualityOf, type SampleAnswer, sampleAgent, scorerOf } from '../testing/experiments.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { evaluateSample } from '../testing/sample-experiment.ts'
import { candidateOf } from './candidate.ts'
import { outageOf } from './outage.ts'

test.each([
  ['Error: 402 Insufficient credits', 'quota'],
  ['APIError: 402 no money left', 'quota'],
  ['RateLimitError: 429 You exceeded your current quota, please check your plan', 'quota'],
  ['RateLimitError: 429 Too Many Requests', 'rate'],
  ['openai.RateLimitError: Error code: 429 - slow down', 'rate'],
  ['The agent ended with exit code 1: HTTP 429', 'rate'],
  ['AuthenticationError: 401 Incorrect API key provided: sk-…', 'key'],
  ['gpt at http://127.0.0.1:1/v1 does not take the key (status 401): "no".', 'key'],
  ['gpt at http://127.0.0.1:1/v1 does not have this model (status 404): "no such model".', 'model'],
  ['APIConnectionError: Connection error.', 'unreachable'],
  ['TypeError: fetch failed (connect ECONNREFUSED 127.0.0.1:9)', 'unreachable'],
  ['It was answered with status 402: {"error":"top up"}', 'quota'],
])('%s is an outage: %s', (reason, kind) => {
  expect(outageOf({ outcome: 'failed', reason })).toBe(kind)
  expect(outageOf({ outcome: 'crashed', reason })).toBe(kind)
  // What has an output or says nothing of the endpoint is none.
  expect(outageOf({ outcome: 'done', reason })).toBeUndefined()
  expect(outageOf({ outcome: 'bad output', reason })).toBeUndefined()
})

test.each([
  "TypeError: Cannot read properties of undefined (reading 'order')",
  'Error: order 402 was not found',
  'Error: 500 Internal Server Error',
  'It was answered with status 500: {"error":"boom"}',
  'RangeError: limit must be at most 429',
  'Error: the refund of 401 dollars is too high',
])('%s is the failure of a trial', (reason) => {
  expect(outageOf({ outcome: 'failed', reason })).toBeUndefined()
})

const outages: readonly [code: string, reason: string][] = [
  ['T2_MODEL_QUOTA', 'APIError: 402 no money left'],
  ['T2_MODEL_RATE', 'RateLimitError: 429 Too Many Requests'],
  ['T2_MODEL_UNREACHABLE', 'APIConnectionError: Connection error.'],
]

const beside = {
  name: 'beside',
  definition: { kind: 'compare' },
  source: 'code' as const,
  judge: ({ output, base }: { output: unknown; base?: unknown }) => {
    if (base === undefined) throw new Error('no base')
    return { score: Number(output), comment: '' }
  },
}

test.each(
  outages.flatMap(([code, reason]) =>
    [1, 4].flatMap((parallel) =>
      [0, 3, 9].map((until) => ({ code, reason, parallel, until, scorer: until === 9 })),
    ),
  ),
)('$code after $until trials, $parallel at a time, keeps no worst scores', async (given) => {
  const { code, reason, parallel, until } = given
  const store = await memoryStore()
  let isAway = true
  const asked: string[] = []
  const agent = sampleAgent((request): SampleAnswer => {
    asked.push(request.trial)
    return isAway && asked.length > until
      ? { outcome: 'failed', reason }
      : { output: qualityOf(request) }
  })
  const scorer = given.scorer ? scorerOf(beside) : scorerOf()
  const options = { store, agent, parallel, scorer }
  await expect(evaluateSample(options)).rejects.toMatchObject({ code })
  expect(asked.length).toBeLessThanOrEqual(until + 6 + parallel)
  const [experiment] = await store.experiments({ dataset: 'cases' })
  expect(experiment).toMatchObject({ status: 'stopped' })
  // As if it had not been: what was answered is kept, all else runs now.
  isAway = false
  const { candidates, stopped } = await evaluateSample(options)
  expect(stopped).toBeUndefined()
  expect(candidates[0]?.rows.map(({ base, own }) => [base, own])).toEqual(
    Array(12).fill([0.4, 0.8]),
  )
  expect(candidates[0]?.report.counts.missing).toEqual({ base: {}, candidate: {} })
})

test('what another experiment had does not hide an outage', async () => {
  const store = await memoryStore()
  await evaluateSample({ store })
  const agent = sampleAgent(() => ({ outcome: 'failed', reason: 'APIError: 402 no money left' }))
  const candidates = [candidateOf('other', { quality: 0.6 })]
  await expect(evaluateSample({ store, agent, candidates })).rejects.toMatchObject({
    code: 'T2_MODEL_QUOTA',
  })
  expect(agent.asked.length).toBeLessThan(12)
})

test.each([1, 4])('one trial alone that is refused has failed, %i at a time', async (parallel) => {
  const agent = sampleAgent((request) =>
    request.case.inputs.value === 5 && qualityOf(request) === 0.8
      ? { outcome: 'failed', reason: 'HttpError: 401 Unauthorized' }
      : { output: qualityOf(request) },
  )
  const { candidates, stopped } = await evaluateSample({ agent, parallel })
  expect(stopped).toBeUndefined()
  expect(candidates[0]?.report.counts.missing.candidate).toEqual({ crashed: 1 })
})

test('an outage that passes leaves no trace', async () => {
  let calls = 0
  const agent = sampleAgent((request) =>
    ++calls % 4 === 0
      ? { outcome: 'failed', reason: 'RateLimitError: 429 Too Many Requests' }
      : { output: qualityOf(request) },
  )
  for (const scorer of [scorerOf(), scorerOf(beside)]) {
    const { candidates, stopped } = await evaluateSample({ agent, scorer })
    expect(stopped).toBeUndefined()
    expect(candidates[0]?.rows).toHaveLength(12)
  }
})
