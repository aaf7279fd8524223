import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SpanSet } from './span-set.ts'

test('spans are told apart by trace and span id, whichever of them clash', () => {
  const id = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3'))
  fc.assert(
    fc.property(fc.array(fc.tuple(id, fc.boolean())), fc.array(id), (changes, asked) => {
      const set = new SpanSet()
      const plain = new Set<string>()
      for (const [[trace, span], added] of changes) {
        if (added) {
          expect(set.add(trace, span)).toBe(!plain.has(trace + span))
          plain.add(trace + span)
        } else {
          set.delete(trace, span)
          plain.delete(trace + span)
        }
      }
      expect(set.size).toBe(plain.size)
      for (const [trace, span] of asked) {
        expect(set.has(trace, span)).toBe(plain.has(trace + span))
      }
    }),
  )
})
