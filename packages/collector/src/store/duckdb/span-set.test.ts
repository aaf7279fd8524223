import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SpanSet } from './span-set.ts'

test('spans are told apart by trace and span id, whichever of them clash', () => {
  const id = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '3'))
  fc.assert(
    fc.property(fc.array(id), fc.array(id), (added, asked) => {
      const set = new SpanSet()
      const plain = new Set<string>()
      for (const [trace, span] of added) {
        set.add(trace, span)
        plain.add(trace + span)
      }
      expect(set.size).toBe(plain.size)
      for (const [trace, span] of asked) {
        expect(set.has(trace, span)).toBe(plain.has(trace + span))
      }
    }),
  )
})
