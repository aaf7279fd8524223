import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueDiff } from './diff.ts'

const paint = (_tone: string, text: string) => text

test('lines that go and lines that come are marked', () => {
  expect(valueDiff('Classify.\nBe brief.', 'Classify.\nUse one word.\nBe polite.', paint)).toBe(
    ['  Classify.', '- Be brief.', '+ Use one word.', '+ Be polite.'].join('\n'),
  )
})

test('the words that changed in a rewritten line stand out', () => {
  const bold = (tone: string, text: string) => (tone === 'strong' ? `*${text}*` : text)
  expect(valueDiff('Answer in one word.', 'Answer in two words.', bold)).toBe(
    ['- Answer in *one* *word*.', '+ Answer in *two* *words*.'].join('\n'),
  )
})

test('numbers and objects are compared as JSON', () => {
  expect(valueDiff(20, 58, paint)).toBe('- 20\n+ 58')
  expect(valueDiff({ a: 1, b: 2 }, { a: 1, b: 3 }, paint)).toBe(
    '  {\n    "a": 1,\n-   "b": 2\n+   "b": 3\n  }',
  )
})

test('long stretches without a change are left out', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
  const diff = valueDiff(lines.join('\n'), [...lines, 'new'].join('\n'), paint)
  expect(diff).toBe(
    ['  … 17 unchanged lines …', '  line 17', '  line 18', '  line 19', '+ new'].join('\n'),
  )
})

test('both values can be read off any diff, and no terminal obeys it', () => {
  const line = fc
    .string({ unit: 'binary', maxLength: 12 })
    .map((text) => text.replace(/[\r\n]/g, ''))
  const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = valueDiff(before, after, paint).split('\n')
      expect(lines.join('')).not.toMatch(/\p{Cc}/u)
      const side = (gone: string) => lines.filter((one) => !one.startsWith(gone)).length
      expect(side('+ ')).toBe(before.split('\n').length)
      expect(side('- ')).toBe(after.split('\n').length)
    }),
  )
})
