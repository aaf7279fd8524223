import { expect, test } from 'vitest'
import { frameLines } from './frame-lines.ts'

const python = [
  'Traceback (most recent call last):',
  ...Array.from({ length: 8 }, (_, at) => [
    `  File "a${at}.py", line ${at}, in f`,
    '    g()',
  ]).flat(),
  '      ^^^',
  'KeyError: two',
  'lines',
]
const node = [
  'Error: two',
  'lines',
  ...Array.from({ length: 20 }, (_, at) => `    at f${at} (a.js:${at})`),
]

test.each<[string, readonly string[], readonly string[]]>([
  ['Python', python, ['  File "a7.py", line 7, in f', '    g()', '      ^^^']],
  ['JavaScript', node, [0, 1, 2, 3].map((at) => `    at f${at} (a.js:${at})`)],
])('of a long stack of %s the innermost call is shown', (_, lines, shown) => {
  const rest = `… ${lines.length - shown.length} more lines, see --full`
  expect(frameLines(lines.join('\n'), false)).toEqual([...shown, rest])
  expect(frameLines(lines.join('\n'), true)).toEqual(lines)
})

test('a short frame is shown as it is', () => {
  expect(frameLines('  11 | a()\n> 12 | b()', false)).toEqual(['  11 | a()', '> 12 | b()'])
})
