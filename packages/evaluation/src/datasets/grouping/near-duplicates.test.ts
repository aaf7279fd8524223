import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Draft } from '../draft.ts'
import { bandHashes, jaccard, shingles } from './minhash.ts'
import { NearDuplicates, usualSimilarity } from './near-duplicates.ts'

const complaint =
  'Hello, my parcel with the number 4711 never came although you promised it for Friday. Please find out where it is and tell me when I can expect it. Kind regards, Anna'

const near: readonly [what: string, a: Draft['inputs'], b: Draft['inputs']][] = [
  ['order numbers', { input: complaint }, { input: complaint.replace('4711', 'DE-0815/7') }],
  [
    'a date and an amount',
    { input: `${complaint} It cost 12.50 on 2026-11-03.` },
    { input: `${complaint} It cost 7 on 2025-01-30.` },
  ],
  ['case and spaces', { input: complaint }, { input: `  ${complaint.toUpperCase()}\n` }],
  ['a name in a long text', { input: complaint }, { input: complaint.replace('Anna', 'Bob') }],
  ['an id beside a long text', { id: 1, t: complaint }, { id: 2, t: complaint }],
  ['a uuid beside a long text', { id: 'a1-b2', t: complaint }, { id: 'c3-d4', t: complaint }],
  ['a last sentence', { input: complaint }, { input: `${complaint} Thank you very much!` }],
  ['short texts but for case', { input: 'Yes' }, { input: ' yes ' }],
  [
    'Chinese',
    { input: '我的包裹编号4711一直没有到,请帮我查一下它现在在哪里' },
    { input: '我的包裹编号0815一直没有到,请帮我查一下它现在在哪里' },
  ],
]

const apart: readonly [what: string, a: Draft['inputs'], b: Draft['inputs']][] = [
  ['yes and no', { input: 'yes' }, { input: 'no' }],
  ['numbers', { input: '5' }, { input: '7' }],
  ['numbers as such', { a: 5, b: 3 }, { a: 5, b: 4 }],
  ['a number and its text', { input: 5 }, { input: '5' }],
  ['sums', { input: '5 + 3' }, { input: '7 + 2' }],
  ['signs', { input: 'a < b' }, { input: 'a > b' }],
  ['short questions', { input: 'Where is my order?' }, { input: 'Where is my invoice?' }],
  ['capitals', { input: 'Capital of France?' }, { input: 'Capital of Spain?' }],
  ['emoji', { input: '👍' }, { input: '👎' }],
  ['nothing and a blank list', { input: null }, { input: [] }],
  ['booleans', { input: true }, { input: false }],
  [
    'a question beside a long document',
    { document: complaint, question: 'Who wrote it?' },
    { document: complaint, question: 'What is late?' },
  ],
  [
    'a question after a long system message',
    {
      messages: [
        { role: 'system', content: complaint },
        { role: 'user', content: 'Hi' },
      ],
    },
    {
      messages: [
        { role: 'system', content: complaint },
        { role: 'user', content: 'Bye' },
      ],
    },
  ],
  ['roles', { a: complaint }, { b: complaint }],
  [
    'subjects',
    { input: complaint },
    {
      input:
        'Hello, I was charged twice for my subscription in March although I cancelled it. Please pay one of the charges back and confirm it. Kind regards, Anna',
    },
  ],
]

test.each(near)('inputs that differ in %s are near-duplicates', (_what, a, b) => {
  const found = new NearDuplicates()
  found.add(0, a)
  expect(found.add(1, b)).toEqual([0])
})

test.each(apart)('inputs that differ in %s are not', (_what, a, b) => {
  const found = new NearDuplicates()
  found.add(0, a)
  expect(found.add(1, b)).toEqual([])
})

test('any inputs are near-duplicates of themselves, and of nothing without a word in common', () => {
  const inputs = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 })
  fc.assert(
    fc.property(inputs, (some) => {
      const found = new NearDuplicates()
      found.add(0, { input: 'a text of quite other words which nobody will ever think of here' })
      expect(found.add(1, JSON.parse(JSON.stringify(some)))).toEqual([])
      expect(found.add(2, JSON.parse(JSON.stringify(some)))).toEqual([1])
    }),
  )
})

test.each([
  [10, 0.45],
  [12, 0.54],
  [14, 0.6],
  [16, 0.65],
  [30, 0.81],
])('of %i words, one may be changed if %d are alike', (length, alike) => {
  const words = Array.from({ length }, (_, at) => `word${'abcdefghijklmnopqrstuvwxyzäöüß'[at]}`)
  const changed = words.with(Math.floor(length / 2), 'another')
  expect(jaccard(shingles(words, 3, ''), shingles(changed, 3, ''))).toBeCloseTo(alike, 1)
  const found = new NearDuplicates()
  found.add(0, { input: words.join(' ') })
  expect(found.add(1, { input: changed.join(' ') })).toEqual(alike >= usualSimilarity ? [0] : [])
})

test('texts agree in a band about as often as their resemblance says', () => {
  const banding = { bands: 32, rows: 4 }
  const text = (from: number) => Array.from({ length: 40 }, (_, at) => `word${from + at}`)
  const pairs = 200
  for (const [shift, least, most] of [
    [4, 0.99, 1],
    [8, 0.93, 1],
    [16, 0.3, 0.75],
    [34, 0, 0.03],
  ] as const) {
    let agreed = 0
    for (let pair = 0; pair < pairs; pair++) {
      const a = shingles(text(pair * 100), 1, '')
      const b = shingles(text(pair * 100 + shift), 1, '')
      expect(jaccard(a, b)).toBeCloseTo((40 - shift) / (40 + shift), 5)
      const bands = bandHashes(b, banding)
      if (bandHashes(a, banding).some((hash, at) => hash === bands[at])) agreed++
    }
    expect(agreed / pairs).toBeGreaterThanOrEqual(least)
    expect(agreed / pairs).toBeLessThanOrEqual(most)
  }
})

test.each([
  ['alike', (at: number) => complaint.replace('4711', String(at))],
  [
    'different',
    (at: number) =>
      Array.from({ length: 20 }, (_, n) =>
        `w${'abcdefghij'[n % 10]}x${'klmnopqrst'[Math.floor(at / 10 ** (n % 4)) % 10]}${n}z`.replace(
          /\d/g,
          '',
        ),
      ).join(' '),
  ],
  [
    'of one beginning',
    (at: number) =>
      `${complaint.slice(0, 90)} ${[...String(at)].map((digit) => 'abcdefghij'[Number(digit)]).join(' q')}`,
  ],
])('twice the inputs cost at most about twice the comparisons where they are %s', (_what, text) => {
  const comparisons = (count: number) => {
    const found = new NearDuplicates()
    for (let at = 0; at < count; at++) found.add(at, { input: text(at) })
    return found.comparisons
  }
  const once = comparisons(1000)
  expect(once).toBeLessThan(1000 * 32 * 4)
  expect(comparisons(2000)).toBeLessThan(2.6 * once + 100)
})
