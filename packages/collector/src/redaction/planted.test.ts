import { expect, it } from 'vitest'
import { Redactor } from './redactor.ts'
import { harmless } from './testing/harmless.ts'
import { planted } from './testing/planted.ts'
import { written } from './testing/written.ts'

const redactor = new Redactor({
  key: 'a-key-that-nobody-knows',
  rules: [{ name: 'private', preset: 'all' }],
})

it.each([
  ['design', 1],
  ['design', 2],
  ['measure', 3],
  ['measure', 4],
  ['measure', 5],
] as const)('finds what is planted in every form: %s, seed %i', (half, seed) => {
  const all = planted(seed, half)
  const missed = all.filter(({ text, needles }) => {
    const left = redactor.text(text)
    return needles.some((needle) => left.includes(needle))
  })
  expect(all.length).toBeGreaterThan(300)
  const labels = missed.map(({ label, text }) => `${label}: ${text}`)
  expect(labels.length, labels.join('\n')).toBeLessThanOrEqual(3)
})

it.each(written)('takes something out of %j', (text) => {
  expect(redactor.text(text)).toMatch(/\[redacted:private-[a-z0-9-]+:[0-9a-f]{16}\]/)
})

it('leaves harmless texts, ids and code as they are', () => {
  const all = harmless(3, 2000)
  const changed = all.filter((text) => redactor.text(text) !== text)
  expect(changed).toEqual([])
})

it('leaves what it has left before', () => {
  for (const { text } of planted(6, 'design')) {
    const left = redactor.text(text)
    expect(redactor.text(left)).toBe(left)
  }
})
