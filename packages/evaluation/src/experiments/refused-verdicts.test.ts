import { type Case, openStore } from '@trace2/store'
import { expect, onTestFinished, test } from 'vitest'
import { caseMetadata } from '../datasets/index.ts'
import { type Guide, guideOf, weighted } from '../guides/index.ts'
import {
  asScore,
  qualityOf,
  sampleAgent,
  sampleCase,
  sampleDataset,
  scorerOf,
} from '../testing/experiments.ts'
import { baseCandidate, candidateOf } from './candidate.ts'
import { evaluate } from './evaluate.ts'
import { type VerdictOptions, verdictOn } from './verdict.ts'

const base = baseCandidate({ quality: 0 })
const candidate = candidateOf('p-1', { quality: 1 }, ['p-1'])
const exact = guideOf({ kind: 'exact' })

async function shared(...guides: readonly Guide[]) {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  const agent = sampleAgent((request) => ({ output: qualityOf(request) }))
  return { store, base, agent, scorer: scorerOf(...guides) }
}

function casesOf(count: number, given: (index: number) => Partial<Case> = () => ({})) {
  return Array.from({ length: count }, (_, index) =>
    sampleCase(index, { split: 'holdout', ...given(index) }),
  )
}

type Shared = Awaited<ReturnType<typeof shared>>

/** Decides, and says what it left: nothing run, nothing looked at, no experiment begun. */
async function refusal(given: Shared, cases: readonly Case[], more: Partial<VerdictOptions> = {}) {
  const decided = verdictOn({ ...given, dataset: sampleDataset(cases), candidate, ...more })
  const error: unknown = await decided.catch((thrown: unknown) => thrown)
  expect(given.agent.asked).toHaveLength(0)
  expect(await given.store.looks()).toEqual([])
  expect(await given.store.experiments()).toEqual([])
  return error
}

test.each<[string, readonly Guide[], string | undefined]>([
  ['equality', [exact], undefined],
  ['the mean of two, one of which needs a reference', [asScore, exact], undefined],
  [
    'a weighted guide with such a part',
    [weighted('all', [{ guide: asScore }, { guide: exact }])],
    undefined,
  ],
  ['the named one of two', [asScore, exact], 'exact'],
  ['a number', [guideOf({ kind: 'number' })], undefined],
  ['words of the reference', [guideOf({ kind: 'contains' })], undefined],
])('a holdout without references stays closed to %s', async (_, guides, metric) => {
  const given = await shared(...guides)
  const gate = metric === undefined ? {} : { metric }
  expect(await refusal(given, casesOf(20), { gate })).toMatchObject({ code: 'T2_NO_REFERENCES' })
  const dataset = sampleDataset(casesOf(20, () => ({ split: 'validation' })))
  const evaluated = evaluate({ ...given, dataset, candidates: [candidate], gate })
  await expect(evaluated).rejects.toMatchObject({ code: 'T2_NO_REFERENCES' })
  expect(given.agent.asked).toHaveLength(0)
})

test('guides that need no reference decide without one', async () => {
  const guides = [asScore, guideOf({ kind: 'exact', name: 'one', expected: 1 })]
  const { verdict } = await verdictOn({
    ...(await shared(...guides)),
    dataset: sampleDataset(casesOf(20)),
    candidate,
  })
  expect(verdict.verdict).toBe('better')
})

test('where only what somebody corrected can be judged, that is the reason, and nothing is opened', async () => {
  const cases = casesOf(20, (index) => ({
    run: `r${index}`,
    ...(index < 10
      ? { reference: 1, metadata: { [caseMetadata.referenceFrom]: 'correction' } }
      : {}),
  }))
  const error = await refusal(await shared(exact), cases)
  expect(error).toMatchObject({
    code: 'T2_NO_REFERENCES',
    message: expect.stringContaining('somebody corrected'),
  })
})

test('cases without a reference are left closed, and a proposal is no other than itself afterwards', async () => {
  const given = await shared(exact)
  const half = casesOf(20, (index) => (index < 10 ? { reference: 1 } : {}))
  const first = await verdictOn({ ...given, dataset: sampleDataset(half), candidate })
  expect(first.plan).toMatchObject({ groups: 10, unjudged: 10 })
  const read = new Set(first.looks.flatMap(({ groups }) => groups))
  expect(half.slice(10).filter(({ group }) => read.has(group))).toEqual([])
  expect(first.freshLeft).toBeGreaterThanOrEqual(10)
})

test.each([1, 3, 5])(
  'a holdout of %d groups stays closed: no result could be better',
  async (size) => {
    const given = await shared()
    const error = await refusal(given, casesOf(size))
    expect(error).toMatchObject({
      code: 'T2_HOLDOUT_SMALL',
      message: expect.stringMatching(/on 6 or more.*may take \d{3}/),
    })
    const opened = await verdictOn({
      ...given,
      dataset: sampleDataset(casesOf(size)),
      candidate,
      openHoldout: true,
    })
    expect(opened.verdict.verdict).toBe('not enough evidence')
  },
)

test('a test that is under way goes on, however few groups are left', async () => {
  const given = await shared()
  const dataset = sampleDataset(casesOf(4))
  const first = await verdictOn({ ...given, dataset, candidate, openHoldout: true })
  const again = await verdictOn({ ...given, dataset, candidate })
  expect(again.report).toEqual(first.report)
})
