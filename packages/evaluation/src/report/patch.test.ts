import { expect, test } from 'vitest'
import { patch } from './patch.ts'

const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`)

test('shows lines that go and come, and a few around them', () => {
  const before = lines(20).join('\n')
  expect(patch(before, before.replace('line 10', 'LINE 10'), 1000)).toBe(
    [
      ' … 7 unchanged lines …',
      ...[' line 7', ' line 8', ' line 9', '-line 10', '+LINE 10'],
      ...[' line 11', ' line 12', ' line 13', ' … 6 unchanged lines …'],
    ].join('\n'),
  )
  expect(patch('a\nb', 'a\nb', 1000)).toBe(' a\n b')
  expect(patch(1, 2, 1000)).toBe('-1\n+2')
  expect(patch({ a: 1 }, 'text', 1000)).toBe('-{\n-  "a": 1\n-}\n+text')
})

test('shows what a reader would not see', () => {
  expect(patch('Hi you', 'Hi you\u200b', 1000)).toBe('-Hi you\n+Hi you\\u200b')
  expect(patch('Hi you', 'H\u0456 you', 1000)).toBe('-Hi you\n+H\\u0456 you')
  expect(patch('Oui !', 'Oui\u00a0!', 1000)).toBe('-Oui\\u0020!\n+Oui\\u00a0!')
  expect(patch('a', 'a  ', 1000)).toBe('-a\n+a\\u0020\\u0020')
  expect(patch('a\nb', 'a\r\nb', 1000)).toBe('-a\n+a\\r\n b')
})

test('finds a change wherever it is in a long value, and says what it has no room for', () => {
  const before = `${'word '.repeat(2_000)}\n${lines(2_000).join('\n')}`
  const end = patch(before, `${before}\nevil`, 1000)
  expect(end).toMatch(/\+evil$/)
  const all = patch(before, before.replaceAll('line', 'evil'), 500)
  expect(all.length).toBeLessThan(700)
  expect(all).toMatch(/… cut here: \d,?\d+ lines, \d+ of them changed, are not shown whole …$/)
})

test('does not look for what two long texts have in common if they have little', () => {
  const before = lines(50_000).join('\n')
  const after = lines(50_000)
    .map((line) => `${line}!`)
    .join('\n')
  expect(patch(before, after, 500)).toMatch(/^-line 0\n/)
})
