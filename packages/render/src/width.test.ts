import { printable } from '@trace2/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { displayWidth, padded, shorten, wrapped } from './width.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 }).map(printable)
const columns = fc.integer({ min: 8, max: 60 })

test('shortened text fits its columns and is a prefix of the text', () => {
  fc.assert(
    fc.property(text, columns, (original, room) => {
      const short = shorten(original, room)
      expect(displayWidth(short)).toBeLessThanOrEqual(room)
      if (displayWidth(original) <= room) expect(short).toBe(original)
      else expect(original.startsWith(short.slice(0, -1))).toBe(true)
    }),
  )
})

test('wide characters count as two columns', () => {
  expect(shorten('你好世界', 5)).toBe('你好…')
  expect(padded('你', 4)).toBe('你  ')
})

test('nothing fits into no columns', () => {
  expect(shorten('text', 0)).toBe('')
  expect(shorten('', 0)).toBe('')
})

test('wrapped lines fit and lose nothing but the spaces they were broken at', () => {
  fc.assert(
    fc.property(text, columns, (original, room) => {
      const lines = wrapped(original, room)
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(room)
      expect(lines.join('').replaceAll(' ', '')).toBe(original.replaceAll(' ', ''))
    }),
  )
})

test('a broken line keeps its indentation', () => {
  expect(wrapped('    "body": "I paid twice"', 20)).toEqual(['    "body": "I paid', '    twice"'])
})
