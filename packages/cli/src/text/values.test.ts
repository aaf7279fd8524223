import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted, formatCost, shortIds } from './values.ts'

test.each([
  [null, 'unknown'],
  [0, '$0'],
  [0.000071, '$0.000071'],
  [0.01234, '$0.012'],
  [0.5, '$0.50'],
  [12.345, '$12.35'],
])('%s USD is shown as %s', (usd, text) => {
  expect(formatCost(usd)).toBe(text)
})

test('counts agree with their noun', () => {
  expect([0, 1, 2, 12_000].map((count) => counted(count, 'run'))).toEqual([
    '0 runs',
    '1 run',
    '2 runs',
    '12,000 runs',
  ])
})

test('short ids are beginnings of at least eight digits that belong to one id only', () => {
  const id = fc.string({ unit: fc.constantFrom('0', '1', 'a'), minLength: 12, maxLength: 14 })
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 20 }), (ids) => {
      // A whole id that another one begins with cannot be told apart from it: the store resolves it as itself.
      const distinct = ids.filter(
        (one) => !ids.some((other) => other !== one && other.startsWith(one)),
      )
      const short = shortIds(distinct)
      for (const one of distinct) {
        const beginning = short.get(one) ?? ''
        expect(beginning.length).toBeGreaterThanOrEqual(8)
        expect(distinct.filter((other) => other.startsWith(beginning))).toEqual([one])
      }
    }),
  )
})
