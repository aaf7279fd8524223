import fc from 'fast-check'
import { expect, test } from 'vitest'
import { draftOf } from '../draft.ts'
import type { RunDraft } from './drafts-of-runs.ts'
import { sampleDrafts } from './sampling.ts'

function runs(
  count: number,
  said: { readonly comment?: string; readonly label?: string; readonly score?: number | null },
  from = 0,
): RunDraft[] {
  const { comment = null, label = null, score = null } = said
  const piece = { name: 'review', score, label, comment, source: 'human' } as const
  const feedback = comment === null && label === null ? [] : [piece]
  return Array.from({ length: count }, (_, at) => ({
    draft: draftOf({ input: from + at }, { feedback }),
    score,
    failed: false,
  }))
}

const inputs = (some: readonly RunDraft[]) => some.map(({ draft }) => Number(draft.inputs.input))

test('a uniform sample is the same for a seed, another for another, and has each run as often', () => {
  const drafts = runs(20, {})
  const sample = (seed: number) => inputs(sampleDrafts(drafts, { size: 5, seed }).chosen)
  expect(sample(1)).toEqual(sample(1))
  expect(sample(1)).not.toEqual(sample(2))
  const counts = new Map<number, number>()
  for (let seed = 0; seed < 4000; seed++) {
    for (const input of sample(seed)) counts.set(input, (counts.get(input) ?? 0) + 1)
  }
  // 1000 expected each, with a standard deviation of 27.
  for (let input = 0; input < 20; input++) {
    expect(Math.abs((counts.get(input) ?? 0) - 1000)).toBeLessThan(140)
  }
})

test('a sample has no run twice and keeps the order', () => {
  const cases = fc.record({
    count: fc.nat(30),
    size: fc.integer({ min: 1, max: 40 }),
    seed: fc.nat(),
    sampling: fc.constantFrom('uniform' as const, 'failures' as const),
  })
  fc.assert(
    fc.property(cases, ({ count, size, seed, sampling }) => {
      const chosen = inputs(sampleDrafts(runs(count, {}), { size, seed, sampling }).chosen)
      expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b))
      expect(chosen).toHaveLength(Math.min(count, size))
    }),
  )
})

test('each kind of failure is there before any comes twice, however rare', () => {
  const drafts = [
    ...runs(500, { score: 1, comment: 'Great, thanks a lot for the quick answer.' }),
    ...runs(300, { score: 0, comment: 'The refund was sent to the wrong account number.' }, 1000),
    ...runs(1, { score: 0, comment: 'It answered in French although I wrote Dutch.' }, 2000),
    ...runs(1, { score: 0, label: 'hallucination' }, 3000),
    ...runs(40, {}, 4000),
  ].map((each, at) => (at === 100 ? { ...each, failed: true } : each))
  const { chosen, kinds } = sampleDrafts(drafts, { size: 6, sampling: 'failures' })
  expect(kinds).toBe(6)
  expect(inputs(chosen).map((input) => Math.floor(input / 1000))).toEqual([0, 0, 1, 2, 3, 4])
  expect(inputs(sampleDrafts(drafts, { size: 4, sampling: 'failures' }).chosen)).toEqual(
    expect.arrayContaining([100, 2000, 3000]),
  )
})

test('comments in like words are of one kind, others are not', () => {
  const kinds = (comments: readonly string[]) =>
    sampleDrafts(
      comments.flatMap((comment) => runs(1, { score: 0, comment })),
      { size: 1, sampling: 'failures' },
    ).kinds
  expect(
    kinds([
      'The refund for order 4711 went to the wrong account.',
      'Refund for order 815 went to a wrong account!',
      'the refund went to the wrong account again',
    ]),
  ).toBe(1)
  expect(
    kinds([
      'The refund for order 4711 went to the wrong account.',
      'It answered in French although I wrote in Dutch.',
      'Far too long and full of excuses.',
    ]),
  ).toBe(3)
})
