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

test('what cannot be seen is shown where it changes', () => {
  const diff = (before: string, after: string) => renderValueDiff(before, after).split('\n')
  expect(diff('Hi there', 'H\u0456 there')).toEqual(['- Hi there', '+ H\\u0456 there'])
  expect(diff('Hi there', 'Hi there\u200b')).toEqual(['- Hi there', '+ Hi there\\u200b'])
  expect(diff('Oui !', 'Oui\u00a0!')).toEqual(['- Oui\\u0020!', '+ Oui\\u00a0!'])
  expect(diff('Hi there', 'Hi there   ')).toEqual(['- Hi there', '+ Hi there\\u0020\\u0020\\u0020'])
  expect(diff('Hi there', 'Hi you  ')).toEqual(['- Hi there', '+ Hi you\\u0020\\u0020'])
  expect(diff('a\n\tb', 'a\n  b')).toEqual(['  a', '- \\tb', '+ \\u0020\\u0020b'])
  expect(diff('a\nb', 'a\r\nb')).toEqual(['- a', '+ a\\r', '  b'])
  expect(diff('a\r\nb', 'a\r\nc')).toEqual(['  a', '- b', '+ c'])
  expect(diff('caf\u00e9', 'cafe\u0301')).toEqual(['- caf\\u00e9', '+ cafe\\u0301'])
  expect(diff('x\\u200b', 'x\u200b')).toEqual(['- x\\\\u200b', '+ x\\u200b'])
  expect(diff('one\n\ttwo\nthree', ' two')).toEqual([
    '- one',
    '- \\ttwo',
    '- three',
    '+ \\u0020two',
  ])
  expect(renderValueDiff({ a: 'b c' }, { a: 'b\u3164c' })).toContain('"b\\u3164c"')
})

test('whatever changes is seen', () => {
  const piece = fc.constantFrom(
    ...['a', '\u0430', 'é', 'e\u0301', ' ', '  ', '\t', '\u00a0', '\u3000', '\r', '\u200b'],
    ...['\\', '\\t', '\\u200b', '\u{E0131}', '!', '\u034f', '-', '\u2011', 'Ａ', '𝐚'],
  )
  const line = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(line, line, (before, after) => {
      fc.pre(before !== after)
      const [removed = '', added = ''] = renderValueDiff(before, after, { width: 1000 }).split('\n')
      expect(removed.slice(2)).not.toBe(added.slice(2))
      expect(`${removed}${added}`).not.toMatch(/\t|\u200b|\u034f|\u{E0131}/u)
    }),
  )
})
