import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SpanSet, wordsOf } from './span-set.ts'

const words = (trace: string, span: string) => wordsOf(trace, span, new Uint32Array(6))

test('spans are told apart by trace and span id, whichever of them clash', () => {
  const traces = ['0'.repeat(31) + '1', 'f'.repeat(32), 'a'.repeat(16) + '0'.repeat(16)]
  const spans = ['0000000000000001', '0100000000000000', 'ffffffffffffffff']
  const id = fc.tuple(fc.constantFrom(...traces), fc.constantFrom(...spans))
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean())), fc.array(id), (changes, asked) => {
      const set = new SpanSet()
      const plain = new Set<string>()
      for (const [[trace, span], added] of changes) {
        if (added) {
          expect(set.add(words(trace, span))).toBe(!plain.has(trace + span))
          plain.add(trace + span)
        } else {
          set.delete(words(trace, span))
          plain.delete(trace + span)
        }
      }
      expect(set.size).toBe(plain.size)
      for (const [trace, span] of asked) {
        expect(set.has(words(trace, span))).toBe(plain.has(trace + span))
      }
    }),
  )
})

test('a set that is crowded loses nobody when some leave', () => {
  const id = (n: number) => words('5'.repeat(32), n.toString(16).padStart(16, '0'))
  const set = new SpanSet()
  const count = 20_000
  for (let n = 1; n <= count; n++) expect(set.add(id(n))).toBe(true)
  for (let n = 1; n <= count; n += 3) set.delete(id(n))
  for (let n = 1; n <= count; n++) expect(set.has(id(n))).toBe(n % 3 !== 1)
  for (let n = 1; n <= count; n++) expect(set.add(id(n))).toBe(n % 3 === 1)
  expect(set.size).toBe(count)
})

// Where they came to one slot, this would take minutes.
test('traces may number their spans alike', { timeout: 30_000 }, () => {
  const count = 200_000
  const first = (trace: number) => words(trace.toString(16).padStart(32, '0'), '0000000000000001')
  const set = new SpanSet()
  for (let trace = 1; trace <= count; trace++) set.add(first(trace))
  for (let trace = 1; trace <= count; trace++) expect(set.add(first(trace))).toBe(false)
  expect(set.size).toBe(count)
})
