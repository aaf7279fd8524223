import { expect, it } from 'vitest'
import { presets } from './presets/index.ts'
import { Redactor } from './redactor.ts'
import { planted } from './testing/planted.ts'

const redactor = new Redactor({
  key: 'a-key-that-nobody-knows',
  rules: [{ name: 'private', preset: 'all' }],
})

it.each(['design', 'measure'] as const)('%s', (half) => {
  const all = planted(7, half)
  const missed = all.filter(({ text, needles }) => {
    const left = redactor.text(text)
    return needles.some((needle) => left.includes(needle))
  })
  console.log(half, all.length, missed.length, Object.keys(presets).length)
  if (half === 'design' || process.env.SHOW)
    for (const { label, text } of missed)
      console.log(
        label.padEnd(50),
        JSON.stringify(text).slice(0, 150),
        '→',
        redactor.text(text).slice(0, 150),
      )
  expect(missed.length).toBeLessThan(3)
})

it('leaves harmless texts', async () => {
  const { harmless } = await import('./testing/harmless.ts')
  const all = harmless(3, 3000)
  const changed = all.filter((text) => redactor.text(text) !== text)
  console.log(all.length, changed.length)
  for (const text of new Set(changed)) {
    const r = redactor.text(text)
    const i = r.indexOf('[redacted')
    console.log(text.slice(Math.max(0, i - 30), i + 60), '→', r.slice(Math.max(0, i - 30), i + 60))
  }
})
