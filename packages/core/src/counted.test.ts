import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counted } from './counted.ts'

test.each([
  [0, '0 runs'],
  [1, '1 run'],
  [2, '2 runs'],
  [1234, '1,234 runs'],
  [1_000_000, '1,000,000 runs'],
])('%s of a thing', (count, text) => {
  expect(counted(count, 'run')).toBe(text)
})

test('a plural that is none of the usual ones', () => {
  expect(counted(1, 'entry', 'entries')).toBe('1 entry')
  expect(counted(2, 'entry', 'entries')).toBe('2 entries')
})

test('the number can be told from the text, and only one thing is singular', () => {
  fc.assert(
    fc.property(fc.nat(), (count) => {
      const [number = '', word] = counted(count, 'run').split(' ')
      expect(Number(number.replaceAll(',', ''))).toBe(count)
      expect(word).toBe(count === 1 ? 'run' : 'runs')
    }),
  )
})
