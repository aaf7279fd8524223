import type { Split } from '@trace2/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { composeCases } from './compose.ts'
import { caseId, type Draft, draftOf } from './draft.ts'
import { parseShares, sharesOfOrigin, splitOf, splits, usualShares } from './shares.ts'

const long = (name: string, number: number) =>
  `My name is ${name}. My parcel with the number ${number} never came, although it was promised for last Friday. Please find out where it is.`

const texts = fc.oneof(
  fc.constantFrom('yes', 'no', 'Yes', 'help'),
  fc.tuple(fc.constantFrom('Anna', 'Bob'), fc.nat(5)).map(([name, number]) => long(name, number)),
  fc.string({ maxLength: 4 }),
)
const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc
    .record({
      input: texts,
      group: fc.option(fc.constantFrom('a', 'b', 'session s')),
      session: fc.option(fc.constantFrom('s', 't')),
      split: fc.option(fc.constantFrom<Split>('train', 'holdout'), { freq: 4 }),
      reference: fc.option(fc.constantFrom('x', 'y')),
    })
    .map(({ input, ...rest }) => draftOf({ input }, rest)),
  { maxLength: 12 },
)

test('cases have one id each, groups lie in one split each', () => {
  fc.assert(
    fc.property(drafts, drafts, (first, second) => {
      const { cases: before } = composeCases(first)
      const { cases, ...counts } = composeCases(second, { before })
      expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
      const splitsByGroup = new Map<string, Set<Split>>()
      for (const { group, split } of cases) {
        splitsByGroup.set(group, (splitsByGroup.get(group) ?? new Set()).add(split))
      }
      expect([...splitsByGroup.values()].every(({ size }) => size === 1)).toBe(true)
      expect(cases.length).toBe(counts.added + counts.edited + counts.unchanged)
      const again = new Set(before.map(({ id }) => id))
      const distinct = new Set(second.map(({ inputs }) => caseId(inputs)))
      expect(counts.merged).toBe(second.length - distinct.size)
      expect(counts.added).toBe([...distinct].filter((id) => !again.has(id)).length)
    }),
  )
})

test('a case keeps its id, group and split whatever is added or edited', () => {
  fc.assert(
    fc.property(drafts, drafts, fc.boolean(), (first, second, keep) => {
      const { cases: before } = composeCases(first)
      const { cases, removed } = composeCases(second, { before, keep })
      const places = new Map(cases.map(({ id, group, split }) => [id, { group, split }]))
      const stayed = before.filter(({ id }) => places.has(id))
      expect(removed).toBe(before.length - stayed.length)
      if (keep) expect(removed).toBe(0)
      for (const { id, group, split } of stayed) expect(places.get(id)).toEqual({ group, split })
    }),
  )
})

test('the order of what is added changes no split where nothing is given', () => {
  const plain = drafts.map((some) =>
    some.map(({ inputs, session }) => draftOf(inputs, { session })),
  )
  const placesOf = (some: readonly Draft[]) =>
    new Map(composeCases(some).cases.map(({ id, split }) => [id, split]))
  fc.assert(
    fc.property(plain, (some) => {
      expect(placesOf(some.toReversed())).toEqual(placesOf(some))
    }),
  )
})

test('runs of one session, and copies of one input, are of one group', () => {
  const { cases } = composeCases([
    draftOf({ input: 'hello' }, { session: 's' }),
    draftOf({ input: long('Anna', 1) }, { session: 's' }),
    draftOf({ input: long('Anna', 2) }, { session: 't' }),
    draftOf({ input: 'thanks' }, { session: 't' }),
    draftOf({ input: 'hello again' }),
  ])
  expect(new Set(cases.slice(0, 4).map(({ group }) => group)).size).toBe(1)
  expect(cases[4]?.group).not.toBe(cases[0]?.group)
})

test('what is said in many sessions does not make them one', () => {
  const { cases } = composeCases([
    draftOf({ input: 'hello' }, { session: 's' }),
    draftOf({ input: 'hello' }, { session: 't' }),
    draftOf({ input: 'Hello' }, { session: 'u' }),
    draftOf({ input: 'where is my order' }, { session: 't' }),
  ])
  expect(cases.map(({ group }) => group)).toEqual(['session s', 'session u', 'session t'])
})

test('a name that the source gives counts; what nobody named joins its near-duplicates', () => {
  const { cases, keptApart, apart } = composeCases([
    draftOf({ input: long('Anna', 1) }, { group: 'a' }),
    draftOf({ input: long('Anna', 2) }, { group: 'b' }),
    draftOf({ input: long('Anna', 3) }),
  ])
  expect(cases.map(({ group }) => group)).toEqual(['a', 'b', 'a'])
  expect(keptApart).toBe(1)
  expect(cases.map(({ id }) => id)).toContain(apart[0])
})

test('a copy that comes later joins the group of the case that it copies', () => {
  const { cases: before } = composeCases([
    draftOf({ input: long('Anna', 1) }, { split: 'holdout' }),
    draftOf({ input: 'hi' }, { session: 's', split: 'train' }),
  ])
  const { cases } = composeCases(
    [
      draftOf({ input: long('Anna', 2) }),
      draftOf({ input: 'bye' }, { session: 's' }),
      draftOf({ input: 'a third' }, { group: before[0]?.group ?? null, split: 'train' }),
    ],
    { before },
  )
  const [anna, hi, ...later] = cases
  expect(later.map(({ group }) => group)).toEqual([anna?.group, hi?.group, anna?.group])
  expect(later.map(({ split }) => split)).toEqual(['holdout', 'train', 'holdout'])
})

test('without similarity only equal inputs, names and sessions are grouped', () => {
  const { cases } = composeCases(
    [draftOf({ input: long('Anna', 1) }), draftOf({ input: long('Anna', 2) })],
    { similarity: null },
  )
  expect(cases[0]?.group).not.toBe(cases[1]?.group)
})

test('equal inputs are one case with what either says; contradictions are counted', () => {
  const piece = { name: 'thumb', score: 1, label: null, comment: null, source: 'human' } as const
  const { cases, merged, contradictions, contradicted } = composeCases([
    draftOf({ a: 1, b: 2 }, { run: 'r1', metadata: { x: 1 } }),
    draftOf({ b: 2, a: 1 }, { run: 'r2', reference: 'yes', feedback: [piece] }),
    draftOf({ a: 1, b: 2 }, { reference: 'no', metadata: { x: 2, y: 3 } }),
  ])
  expect({ merged, contradictions }).toEqual({ merged: 2, contradictions: 1 })
  expect(contradicted).toEqual([cases[0]?.id])
  expect(cases).toMatchObject([
    { inputs: { a: 1, b: 2 }, run: 'r2', reference: 'yes', metadata: { x: 1, y: 3 } },
  ])
  expect(cases[0]?.feedback).toEqual([piece])
})

test('an edit changes what it says and nothing else', () => {
  const { cases: before } = composeCases([
    draftOf({ input: 'a' }, { reference: 'x', metadata: { from: 'May' } }),
    draftOf({ input: 'b' }),
  ])
  const composed = composeCases(
    [
      draftOf({ input: 'a' }, { reference: 'z', group: 'other', metadata: { chosenBy: 'score' } }),
      draftOf({ input: 'b' }),
    ],
    { before },
  )
  expect(composed).toMatchObject({ added: 0, edited: 1, unchanged: 1, moved: 1 })
  expect(composed.cases).toEqual([{ ...before[0], reference: 'z' }, before[1]])
})

test('another run on the same inputs gives a case the reference that it lacks, and nothing else', () => {
  const piece = { name: 'thumb', score: 0, label: null, comment: null, source: 'human' } as const
  const { cases: before } = composeCases([
    draftOf({ input: 'a' }, { run: 'r1', metadata: { baseScore: 1 } }),
    draftOf({ input: 'b' }, { run: 'r1', reference: 'x' }),
    draftOf({ input: 'c' }, { run: 'r1' }),
  ])
  const again = { reference: 'y', feedback: [piece], metadata: { baseScore: 0 } }
  const { cases } = composeCases(
    [
      draftOf({ input: 'a' }, { run: 'r2', ...again }),
      draftOf({ input: 'b' }, { run: 'r2', ...again }),
      draftOf({ input: 'c' }, { run: 'r1', ...again }),
    ],
    { before },
  )
  const [a, b, c] = before
  expect(cases).toEqual([{ ...a, reference: 'y' }, b, { ...c, ...again }])
})

test('groups fall into splits by their shares', () => {
  const counts = { train: 0, validation: 0, holdout: 0 }
  for (let at = 0; at < 20_000; at++) counts[splitOf(`group ${at}`, usualShares)]++
  for (const split of splits)
    expect(counts[split] / 20_000).toBeCloseTo(usualShares[split] / 100, 1)
  const all = (shares: string) =>
    new Set(Array.from({ length: 500 }, (_, at) => splitOf(`g${at}`, parseShares(shares))))
  expect(all('0/0/100')).toEqual(new Set(['holdout']))
  expect(all('50/50/0')).toEqual(new Set(['train', 'validation']))
})

test.each(['', '60/20', '60/20/30', '-1/51/50', 'a/b/c', '60/20/20/0', '1e2/0/0', 'NaN/0/100'])(
  '%j are no shares',
  (text) => {
    expect(() => parseShares(text)).toThrow(expect.objectContaining({ code: 'T2_DATASET_SHARES' }))
  },
)

test('only the end of an origin says the shares', () => {
  expect(sharesOfOrigin('a; split 1/1/98.csv; split 70/0/30')).toEqual(parseShares('70/0/30'))
  expect(sharesOfOrigin('a; split 1/1/98 and more')).toEqual(usualShares)
})
