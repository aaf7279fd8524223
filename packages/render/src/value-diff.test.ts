import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderValueDiff } from './value-diff.ts'
import { displayWidth } from './width.ts'

test('lines that go and lines that come are marked', () => {
  expect(renderValueDiff('Classify.\nBe brief.', 'Classify.\nUse one word.\nBe polite.')).toBe(
    ['  Classify.', '- Be brief.', '+ Use one word.', '+ Be polite.'].join('\n'),
  )
})

test('the words that changed in a rewritten line stand out', () => {
  const bold = (tone: string, text: string) => (tone === 'strong' ? `*${text}*` : text)
  expect(renderValueDiff('Answer in one word.', 'Answer in two words.', { paint: bold })).toBe(
    ['- Answer in *one* *word*.', '+ Answer in *two* *words*.'].join('\n'),
  )
})

test('numbers and objects are compared as JSON', () => {
  expect(renderValueDiff(20, 58)).toBe('- 20\n+ 58')
  expect(renderValueDiff({ a: 1, b: 2 }, { a: 1, b: 3 })).toBe(
    '  {\n    "a": 1,\n-   "b": 2\n+   "b": 3\n  }',
  )
})

test('long stretches without a change are left out', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`)
  const diff = renderValueDiff(lines.join('\n'), [...lines, 'new'].join('\n'))
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
      const lines = renderValueDiff(before, after, { width: 1000 }).split('\n')
      expect(lines.join('')).not.toMatch(/\p{Cc}/u)
      const side = (gone: string) => lines.filter((one) => !one.startsWith(gone)).length
      expect(side('+ ')).toBe(before.split('\n').length)
      expect(side('- ')).toBe(after.split('\n').length)
    }),
  )
})

test('a long line is broken between words, and its continuation hangs', () => {
  const after = 'Classify the ticket into billing, technical or account, and be brief.'
  expect(renderValueDiff('', after, { width: 40 })).toBe(
    ['- ', '+ Classify the ticket into billing, ', '+   technical or account, and be brief.'].join(
      '\n',
    ),
  )
  for (const line of renderValueDiff('x', 'y'.repeat(500), { width: 40 }).split('\n')) {
    expect(displayWidth(line)).toBeLessThanOrEqual(40)
  }
})
