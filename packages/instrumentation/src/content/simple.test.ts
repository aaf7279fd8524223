import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simpleText } from './simple.ts'

const data = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 20 }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
  ),
})).value

test('the text of data is what JSON.stringify writes', () => {
  fc.assert(
    fc.property(data, (value) => {
      if (typeof value !== 'object' || value === null) return
      const text = simpleText(value, 1_000_000)?.text
      if (text !== undefined) expect(text).toBe(JSON.stringify(value))
      else expect(valuesIn(value)).toBeGreaterThan(100)
    }),
    { numRuns: 2_000 },
  )
})

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce<number>((sum, member) => sum + valuesIn(member), 1)
}

test.each<[string, object]>([
  ['a proxy', new Proxy({}, {})],
  ['a proxy inside', { inner: [new Proxy([], {})] }],
  ['a getter', Object.defineProperty({}, 'secret', { enumerable: true, get: fail })],
  ['a toJSON that is not enumerable', Object.defineProperty({}, 'toJSON', { value: fail })],
  ['an instance of a class', { at: new Date(0) }],
  ['a number that JSON has no text for', { score: Number.NaN }],
  ['such a number in a list', { scores: [1, Number.POSITIVE_INFINITY] }],
  ['a function', { call: fail }],
  ['a bigint', [1n]],
  ['too many values', Array.from({ length: 300 }, () => 'x')],
  ['too many numbers', { a: Array.from({ length: 200 }, () => 1), b: Array(200).fill(2) }],
  ['too much text', { text: 'x'.repeat(2_000) }],
  ['too deep a value', nested(20)],
])('%s is not simple, and none of its code is run', (_what, value) => {
  expect(simpleText(value, 1_000)).toBeUndefined()
})

function nested(depth: number): object {
  return depth === 0 ? {} : { inner: nested(depth - 1) }
}

function fail(): never {
  throw new Error('code of the program was run')
}
