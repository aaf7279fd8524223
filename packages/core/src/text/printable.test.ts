import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printable, printableJson, printableLines } from './printable.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
const obeyed = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

test('a terminal never gets a character that it would obey', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(obeyed)
      expect(printable(text).isWellFormed()).toBe(true)
    }),
  )
})

test('escape sequences, line breaks and bidirectional overrides are shown as JSON escapes', () => {
  expect(printable('a\u001b[2Jb\r\n\u202e')).toBe('a\\u001b[2Jb\\r\\n\\u202e')
  expect(printable('\u009b31m')).toBe('\\u009b31m')
})

test('ordinary text of any script stays as it is', () => {
  const text = 'Grüße, 你好, مرحبا, 👍🏽, 👨‍👩‍👧 "quoted" \\back'
  expect(printable(text)).toBe(text)
})

test('printable JSON parses to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = printableJson(value)
      expect(text).not.toMatch(obeyed)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(JSON.parse(printableJson(value, 2))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('lines are split at line breaks only, and each is printable', () => {
  expect(printableLines('a\r\n\tb\u2028c\n')).toEqual(['a', '  b\\u2028c', ''])
})
