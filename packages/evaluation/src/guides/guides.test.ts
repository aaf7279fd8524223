import type { Json } from '@trace2/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GuideDefinition, guideOf, readGuideDefinition } from './definitions.ts'
import { type Guide, type GuideTools, guideIdentifier, type Subject } from './guide.ts'
import { weighted } from './weighted.ts'

const noModel: GuideTools = {
  llm: () => {
    throw new Error('no model')
  },
}

function verdict(definition: GuideDefinition, output: Json, reference?: Json) {
  const subject: Subject = { output, input: {}, ...(reference === undefined ? {} : { reference }) }
  return guideOf(definition).judge(subject, noModel)
}

const json = fc.jsonValue().map((value): Json => JSON.parse(JSON.stringify(value)))

const cases: readonly (readonly [
  what: string,
  definition: GuideDefinition,
  output: Json,
  reference: Json | undefined,
  score: number,
  words: string,
])[] = [
  ['exact', { kind: 'exact' }, 'a', 'a', 1, 'It is “a”, as it should be.'],
  ['exact, wrong', { kind: 'exact' }, 'A', 'a', 0, 'It should be “a” and is “A”.'],
  [
    'exact, with what is ignored',
    { kind: 'exact', ignore: ['case', 'space', 'punctuation'] },
    ' Billing,  please! ',
    'billing please',
    1,
    'as it should be',
  ],
  ['exact, a number', { kind: 'exact', expected: 7 }, 7, undefined, 1, 'It is 7'],
  [
    'exact, members',
    { kind: 'exact' },
    { queue: 'account', level: 2, extra: true },
    { queue: 'billing', level: 2 },
    0,
    '“/queue” should be “billing” and is “account”. “/extra” should not be there.',
  ],
  [
    'exact, at a place in JSON text',
    { kind: 'exact', at: '/a~1b/0', expected: 'x' },
    '{"a/b":["x"]}',
    undefined,
    1,
    '“x”',
  ],
  [
    'exact, at a place that is not there',
    { kind: 'exact', at: '/answer', expected: 'x' },
    'plain text',
    undefined,
    0,
    'is nothing',
  ],
  [
    'exact, at a place that the reference has too',
    { kind: 'exact', at: '/queue' },
    { queue: 'billing', reply: 'Thank you.' },
    { queue: 'billing' },
    1,
    '“billing”',
  ],
  [
    'exact, at a place that the reference is for',
    { kind: 'exact', at: '/queue' },
    { queue: 'billing', reply: 'Thank you.' },
    'billing',
    1,
    '“billing”',
  ],
  [
    'number, at a place that the reference has too',
    { kind: 'number', at: '/price/usd' },
    { price: { usd: 3 } },
    { price: { usd: 4 } },
    0,
    '4',
  ],
  [
    'contains, at a place that a reference in JSON text has too',
    { kind: 'contains', at: '/reply' },
    { reply: 'Thank you, Ann.' },
    '{"reply": ["Ann", "Bob"]}',
    0.5,
    '“Bob”',
  ],
  [
    'contains, copied from a diff',
    { kind: 'contains', text: ['"b": "x"', '"b": "x", "c": 1', '"b":"x","c":1', '"b": "x",\n'] },
    { a: { b: 'x', c: 1 } },
    undefined,
    1,
    'It contains',
  ],
  ['contains', { kind: 'contains', text: 'Refund' }, 'a refund!', undefined, 1, '“Refund”'],
  [
    'contains, some',
    { kind: 'contains', text: ['refund', 'order 7'] },
    'a refund',
    undefined,
    0.5,
    'It must contain “order 7”.',
  ],
  [
    'contains, any',
    { kind: 'contains', text: ['x', 'y'], any: true },
    'y',
    undefined,
    1,
    'It contains “y”.',
  ],
  [
    'contains, none',
    { kind: 'contains', text: ['sorry'], not: true },
    'So sorry',
    undefined,
    0,
    'It must not contain “sorry”.',
  ],
  ['contains, the reference', { kind: 'contains' }, 'a b', ['a', 'c'], 0.5, '“c”'],
  [
    'regex',
    { kind: 'regex', pattern: '^[A-Z]{2}-\\d+$' },
    'AB-12',
    undefined,
    1,
    'It matches /^[A-Z]{2}-\\d+$/',
  ],
  [
    'regex, with words',
    {
      kind: 'regex',
      pattern: 'as an ai',
      flags: 'i',
      not: true,
      words: 'Do not talk of yourself.',
    },
    'As an AI, I …',
    undefined,
    0,
    'Do not talk of yourself.',
  ],
  ['schema', { kind: 'schema', schema: { type: 'string' } }, 'x', undefined, 1, 'fits'],
  [
    'schema of JSON text',
    { kind: 'schema', schema: { type: 'object', required: ['a'] } },
    '{"a":1}',
    undefined,
    1,
    'fits',
  ],
  [
    'schema, broken',
    { kind: 'schema', schema: { type: 'object', properties: { a: { type: 'number' } } } },
    { a: 'x' },
    undefined,
    0,
    '/a',
  ],
  [
    'schema, no JSON',
    { kind: 'schema', schema: { type: 'object' } },
    'Sure! {',
    undefined,
    0,
    'neither JSON',
  ],
  ['number', { kind: 'number' }, 0.1 + 0.2, 0.3, 1, 'right'],
  [
    'number in an explanation',
    { kind: 'number', tolerance: 0.5 },
    'First 12, so in total $1,250.75.',
    1250,
    0,
    '1250.75 should be 1250: it is too high by 0.75 (0.5 is allowed).',
  ],
  [
    'number, relative',
    { kind: 'number', relativeTolerance: 0.01, expected: -200 },
    '−198.5',
    undefined,
    1,
    'right',
  ],
  ['number, none', { kind: 'number' }, 'none, v2x', 3, 0, 'has no number'],
  [
    'code',
    {
      kind: 'code',
      cases: [
        { arguments: [1, 2], expected: 3 },
        { arguments: [0.5, 0], expected: 0.5 },
      ],
    },
    'Here it is:\n```js\n(a, b) => a + b\n```',
    undefined,
    1,
    'It passes 2 of 2 test cases.',
  ],
  [
    'code that is wrong, and code that throws',
    {
      kind: 'code',
      call: 'run',
      cases: [
        { arguments: [2], expected: 4 },
        { arguments: [3], expected: 9 },
        { arguments: [null], expected: 0 },
      ],
    },
    'const double = (n) => n.valueOf() * 2\nasync function run(n) { return double(n) }',
    undefined,
    1 / 3,
    'It passes 1 of 3 test cases. With (3) it returns 6 instead of 9. With (null) it throws “TypeError: ',
  ],
  [
    'no code',
    { kind: 'code', cases: [{ arguments: [], expected: 1 }] },
    7,
    undefined,
    0,
    'no source',
  ],
]

describe('a guide', () => {
  it.each(cases)('judges: %s', async (_what, definition, output, reference, score, words) => {
    const given = await verdict(definition, output, reference)
    expect(given.score).toBeCloseTo(score)
    expect(given.comment).toContain(words)
  })

  it('without anything to compare with says so', () => {
    expect(() => verdict({ kind: 'exact' }, 'a')).toThrow(
      expect.objectContaining({ code: 'T2_REFERENCE_MISSING' }),
    )
  })

  it('takes every value for itself, and gives a score from 0 to 1 to any', async () => {
    await fc.assert(
      fc.asyncProperty(json, json, async (output, reference) => {
        expect(await verdict({ kind: 'exact' }, output, output)).toMatchObject({ score: 1 })
        for (const kind of ['exact', 'contains', 'number'] as const) {
          const { score, comment } = await verdict({ kind }, output, reference)
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1)
          expect(comment).not.toBe('')
        }
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['an endless match', '(a+)+$', `${'a'.repeat(64)}!`],
    ['alternatives', '^(a|a)*$', `${'a'.repeat(64)}!`],
  ])('stops a pattern that hostile text makes endless: %s', async (_what, pattern, text) => {
    await expect(verdict({ kind: 'regex', pattern }, text)).rejects.toMatchObject({
      code: 'T2_CODE_LIMIT',
    })
  })

  it.each([
    ['loops for ever', '() => { for (;;); }'],
    ['takes all memory', '() => { const all = []; for (;;) all.push(new Array(10000).fill(1)) }'],
    ['looks for the program', '() => process.env'],
    ['changes what the test may use', '() => { JSON.stringify = () => "1"; return 2 }'],
  ])('fails code that %s, and outlives it', async (_what, source) => {
    const cases = [{ arguments: [], expected: 1 }]
    expect(await verdict({ kind: 'code', cases, timeMs: 100 }, source)).toMatchObject({ score: 0 })
  })
})

describe('a combination', () => {
  it('calls each part once, keeps its score, and says the worst first', async () => {
    let calls = 0
    const counted: Guide = {
      name: 'counted',
      definition: { kind: 'counted' },
      source: 'code',
      judge: () => {
        calls++
        return { score: 1, comment: 'Fine.' }
      },
    }
    const mentions = guideOf({ kind: 'contains', name: 'mentions', text: ['a', 'b'] })
    const both = weighted('quality', [{ guide: counted, weight: 3 }, { guide: mentions }])
    expect(await both.judge({ output: 'a', input: {} }, noModel)).toEqual({
      score: 0.875,
      scores: { counted: 1, mentions: 0.5 },
      comment: 'mentions 0.5: It must contain “b”.\ncounted 1: Fine.',
    })
    expect(calls).toBe(1)
    expect(both.definition).toMatchObject({
      guides: [{ guide: { kind: 'counted' }, weight: 3 }, { weight: 1 }],
    })
  })

  it('has the weighted mean of its parts whatever their order and the scale of their weights', async () => {
    const fixed = (name: string, score: number): Guide => ({
      name,
      definition: { name, score },
      source: 'code',
      judge: () => ({ score, comment: name }),
    })
    const parts = fc.array(
      fc.record({
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        weight: fc.integer({ min: 1, max: 9 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 5 }), async (given, scale) => {
        const made = given.map(({ score, weight }, at) => ({
          guide: fixed(`g${at}`, score),
          weight,
        }))
        const scaled = made
          .toReversed()
          .map(({ guide, weight }) => ({ guide, weight: weight * scale }))
        const subject = { output: null, input: {} }
        const { score } = await weighted('all', made).judge(subject, noModel)
        const other = await weighted('all', scaled).judge(subject, noModel)
        expect(other.score).toBeCloseTo(score, 10)
        expect(score).toBeGreaterThanOrEqual(Math.min(...given.map((each) => each.score)) - 1e-9)
        expect(score).toBeLessThanOrEqual(Math.max(...given.map((each) => each.score)) + 1e-9)
      }),
    )
  })

  it.each([
    ['no parts', []],
    ['two of one name', [1, 1]],
    ['no weight', [0]],
  ])('is refused with %s', (_what, weights) => {
    const guide = guideOf({ kind: 'exact' })
    expect(() =>
      weighted(
        'w',
        weights.map((weight) => ({ guide, weight })),
      ),
    ).toThrow(expect.objectContaining({ code: 'T2_GUIDE_INVALID' }))
  })
})

describe('a definition', () => {
  it.each<[what: string, json: Json, words: string]>([
    ['of an unknown kind', { kind: 'magic' }, 'its kind must be one of exact, contains, regex'],
    ['that is no object', 'exact', 'no JSON object'],
    ['with an unknown option', { kind: 'exact', expect: 1 }, 'expect'],
    ['with a bad option', { kind: 'regex', pattern: 'a', flags: 'g' }, '/flags'],
    [
      'with a bad part',
      { kind: 'weighted', guides: [{ guide: { kind: 'rubric' } }] },
      '/guides/0/guide: ',
    ],
  ])('%s is refused with the reason', (_what, json, words) => {
    expect(() => readGuideDefinition(json)).toThrow(
      expect.objectContaining({
        code: 'T2_GUIDE_INVALID',
        message: expect.stringContaining(words),
      }),
    )
  })

  it('with a pattern that is none is refused', () => {
    expect(() => guideOf({ kind: 'regex', pattern: '(' })).toThrow(
      expect.objectContaining({ code: 'T2_GUIDE_INVALID' }),
    )
  })

  it('says who a guide is: equal ones are one, whatever the order of their members', () => {
    const identifier = (definition: GuideDefinition) => guideIdentifier(guideOf(definition))
    const one = identifier({ kind: 'contains', text: 'a', any: true })
    expect(identifier({ any: true, text: 'a', kind: 'contains' })).toBe(one)
    expect(identifier({ kind: 'contains', text: 'b', any: true })).not.toBe(one)
    expect(one).toMatch(/^[0-9a-f]{16}$/)
  })
})
