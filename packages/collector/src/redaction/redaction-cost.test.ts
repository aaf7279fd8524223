import { expect, it } from 'vitest'
import { dimensions } from '../../../store/src/testing/work/dimensions.ts'
import { growthOf } from '../../../store/src/testing/work/linear.ts'
import { type PresetName, presets } from './presets/index.ts'
import { redactSpan } from './redact-span.ts'
import { Redactor } from './redactor.ts'

const redactor = () =>
  new Redactor({
    key: 'a-key-that-nobody-knows',
    rules: [
      ...(Object.keys(presets) as PresetName[]).map((preset) => ({
        name: preset,
        preset,
        parameters: true,
      })),
      { name: 'by-key', keys: ['password', 'some.*'] },
    ],
  })

it.each(Object.entries(dimensions))('takes work in proportion to its %s', (_, spansOf) => {
  const { large, most } = growthOf((size) => {
    const spans = spansOf(size)
    const own = redactor()
    return () => {
      for (const span of spans) redactSpan(span, own)
    }
  })
  expect(large).toBeLessThan(most)
})

it.each([
  'a@',
  'a@a.',
  '1-',
  '4 ',
  '+1 ',
  '1.',
  'eyJa.',
  'sk-a',
  '"password":',
  '{"password":["',
  '\\"',
])('takes work in proportion to how often a text says %s', (words) => {
  const { large, most } = growthOf((size) => {
    const own = redactor()
    return () => own.text(words.repeat(size))
    // Of short texts, expressions are matched in another way.
  }, 2_000)
  expect(large).toBeLessThan(most)
})
