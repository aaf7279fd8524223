import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandLines } from './command-lines.ts'
import { displayWidth } from './width.ts'

test('a long command goes on in the next line, quoted words whole', () => {
  expect(commandLines('trace2 feedback last --score 0 --comment "It was too long."', 40)).toEqual([
    '  trace2 feedback last --score 0 \\',
    '      --comment "It was too long."',
  ])
  expect(commandLines('trace2 runs', 40)).toEqual(['  trace2 runs'])
})

test('whatever its words, a command is the same for a shell and breaks between words only', () => {
  const word = fc.stringMatching(/^[a-z-]{1,30}$|^"[a-z ]{1,30}"$/)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 40, max: 100 }),
      (words, columns) => {
        const command = words.join(' ')
        const lines = commandLines(command, columns)
        expect(lines.map((line) => line.replace(/ \\$/, '').trim()).join(' ')).toBe(command)
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
      },
    ),
  )
})
