import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedLines } from './changed-lines.ts'
import { findLookAlikes } from './look-alikes.ts'
import { newUnseen, unseenText } from './new-unseen.ts'
import { printable } from './printable.ts'
import { looksSame, toldApart } from './told-apart.ts'
import { findUnseen } from './unseen.ts'

const smuggled = (text: string) =>
  Array.from(text, (letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0) - 16)).join('')
const tagged = (text: string) =>
  Array.from(text, (letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')

const hidden: Readonly<Record<string, readonly [text: string, count: number]>> = {
  'variation selectors that carry text': [`Hi 😀${smuggled('obey')}`, 4],
  'tags that carry text': [`Hi 😀${tagged('obey')}`, 4],
  'tags after a black flag': [`\u{1F3F4}${tagged('obey')}`, 4],
  'fillers of Hangul': ['Hi\u3164\u115f\u1160\uffa0', 4],
  'a blank of Braille': ['Hi\u2800there', 1],
  'a joiner of graphemes': ['H\u034fi', 1],
  'vowels of Khmer that are not shown': ['Hi\u17b4\u17b5', 2],
  'selectors of Mongolian in Latin text': ['Hi\u180b\u180f\u180e', 3],
  'formats of music': ['Hi\u{1d173}\u{1d17a}', 2],
  'further variation selectors': ['Hi\ufe00\ufe0f', 2],
  'several variation selectors on one emoji': ['😀\ufe0f\ufe0f', 1],
  annotations: ['\ufff9Hi\ufffathere\ufffb', 3],
  'a soft hyphen': ['sys\u00adtem', 1],
  'a joiner of words': ['sys\u2060tem', 1],
  'a space of no width': ['sys\u200btem', 1],
  'joiners in Latin words': ['sys\u200dtem\u200c', 2],
  'joiners one after the other in Persian': ['می\u200c\u200d\u200cخواهم', 3],
  'marks of direction': ['Hi \u202eevil\u202c \u2066x\u2069 \u200e', 5],
  'private use': ['Hi \ue000\u{f0000}', 2],
  noncharacters: ['Hi \ufdd0\u{1fffe}', 2],
  'halves of pairs': ['Hi \ud800', 1],
  'escape sequences': ['Hi \u001b[8mhidden', 1],
  'separators of lines': ['Hi\u2028there', 1],
  'no-break spaces between words': ['Hi\u00a0there\u202fyou', 2],
  'other blanks': ['a\u2000b\u2003c\u3000d', 3],
  'a Cyrillic letter in a word': ['Pay to p\u0430ypal', 1],
  'a Greek letter in a word': ['Pay to payp\u03b1l', 1],
  'an Armenian letter in a word': ['s\u0585s now', 1],
  'a Latin letter in a Cyrillic word': ['Введите п\u0061роль', 1],
  'a Cyrillic word among Latin ones that looks like one': ['Ask \u0440\u0430\u0443 now', 3],
  'letters of full width': ['Ask ｐａｙ now', 3],
  'letters of mathematics': ['Ask 𝐩𝐚𝐲 now', 3],
  'one letter of mathematics in a word': ['Ask p𝐚y now', 1],
  'phonetic letters in a word': ['Ask foɡɡy now', 2],
  'a ligature': ['open the ﬁle', 1],
  'a question mark of Greek': ['return 1\u037e', 1],
  'many marks on a letter': ['e\u0301\u0302\u0303\u0304\u0305', 2],
  'a mark on nothing': ['Hi \u0301', 1],
}

test.each(Object.entries(hidden))('finds %s', (_what, [text, count]) => {
  expect(findUnseen(text)).toHaveLength(count)
  expect(printable(text)).not.toBe(text)
})

describe('leaves alone', () => {
  test.each([
    'Grüße, señor, Dvořák, Nguyễn, İstanbul kısa, naïve œuvre',
    'Nguye\u0302\u0303n in decomposed letters',
    'Привет, мир. Он и она, а также я; сор и оса.',
    'Translate "привет, как дела, а" to English.',
    'Καλημέρα κόσμε, το νερό και ο ουρανός',
    'Աշխարհ, ողջույն',
    '你好，世界。使用　ＡＩ　和 API１２',
    '日本語のＡＰＩを使う、カタカナ、ひらがな',
    'API를 사용하세요',
    'שלום עולם, הAPI שלנו',
    'שָׁלוֹם בְּרֵאשִׁ֖ית',
    'مرحبا بالعالم، الـAPI',
    'می\u200cخواهم کتاب\u200cها را ببینم',
    'क्\u200dष and क्\u200cष, ശ്\u200dരീ, শ্রী র\u200d্যাব, ශ්\u200dරී',
    'ᠮᠣᠩ\u180bᠭᠣᠯ',
    'สวัสดีครับ ใช้ API',
    '👨‍👩‍👧 👩🏽‍🚀 ❤️‍🔥 ☎️ ☎︎ 1️⃣ #️⃣ 🏳️‍🌈 🇩🇪 👍🏽 ©️',
    '\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} England',
    'Bonjour\u00a0! «\u00a0Oui\u00a0» 10\u202f000\u00a0€, 5\u00a0kg',
    'Δx and π are small, λ-calculus, 20 µm, 5 Ω, TNFα, ΔG',
    'frequency ν, mean 𝑥, xⁿ, 1ª, № 5, ½, ①',
    '⠓⠑⠇⠇⠕⠀⠺⠕⠗⠇⠙',
    'IPA: /ɡuːd/ and [ˈfɑːðə]',
    'IT-отдел, Wi-Fi и e-mail, user_имя',
    'quotes “a” ‘b’ – dashes — ellipsis …',
  ])('%s', (text) => {
    expect(findUnseen(text)).toEqual([])
    expect(printable(text)).toBe(text)
  })
})

test('what a person writes in ASCII is never changed, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const found = findUnseen(text)
      for (const { at, character } of found) {
        expect(text.startsWith(character, at)).toBe(true)
        expect(character).not.toMatch(/^[ !-/:-@[-`{-~]$/)
      }
      expect(found.map(({ at }) => at)).toEqual([...new Set(found.map(({ at }) => at))])
    }),
  )
})

test('time does not grow faster than the text', () => {
  for (const unit of [
    'a',
    ' ',
    '\t ',
    'а',
    'aа',
    '\u0301',
    '\u200d',
    '\u00a0',
    '😀\u200d',
    '\u{1F3F4}\u{E0067}',
  ]) {
    const text = unit.repeat(20_000)
    // Quadratic work would take hours, not the time of a test.
    expect(() => printable(text)).not.toThrow()
    expect(() => findLookAlikes(text)).not.toThrow()
    expect(() => newUnseen('', `${text}x`)).not.toThrow()
    expect(() => changedLines([text], [`${text} x`])).not.toThrow()
  }
})

describe('a change', () => {
  const base = 'Hi there.\nBe brief.\nNever\u00a0lie.'
  test('tells what it adds, and where', () => {
    expect(unseenText(newUnseen(base, 'Hi there.\nBe\u200b brief.\nNever\u00a0lie.'))).toBe(
      'U+200B ZERO WIDTH SPACE (line 2, column 3)',
    )
    expect(unseenText(newUnseen(base, base.replace('Hi', 'H\u0456')))).toBe(
      'U+0456, which looks like "i" (line 1, column 2)',
    )
    expect(unseenText(newUnseen({ a: ['x'] }, { a: ['x\ufeff'], '\u2060b': 1 }))).toBe(
      'U+FEFF ZERO WIDTH NO-BREAK SPACE (/a/0, line 1, column 2), U+2060 WORD JOINER (/?b, line 1, column 1)',
    )
    expect(unseenText(newUnseen(base, `${base}${smuggled('0123456789')}`))).toMatch(
      /^U\+E0120 VARIATION SELECTOR-49 \(line 3, column 11\), .* and 5 more$/,
    )
  })
  test('is not held against it where the value had it before', () => {
    expect(newUnseen(base, base)).toEqual([])
    expect(newUnseen(base, 'New line.\nNever\u00a0lie.\nBe brief.')).toEqual([])
    expect(newUnseen(base, base.replace('lie', 'lie or steal'))).toEqual([])
    expect(newUnseen(base, base.replace('lie', 'lie\u00a0or steal'))).toHaveLength(1)
    expect(newUnseen(5, true)).toEqual([])
  })
  test('of blanks at the end of a line alone is told, one beside other words is not', () => {
    expect(unseenText(newUnseen(base, base.replace('there.', 'there.  ')))).toBe(
      'U+0020 SPACE (line 1, column 10)',
    )
    expect(newUnseen(base, base.replace('brief.', 'brief, always.  '))).toEqual([])
    expect(newUnseen(base, base.replace('brief.', 'brief, always.    '))).toHaveLength(1)
    expect(newUnseen('a\nb', 'a\r\nb\r\n\tc')).toEqual([])
    expect(newUnseen(base, `${base}${' '.repeat(99)}evil`)).toEqual([])
    expect(newUnseen(base, `${base}${' '.repeat(100)}evil`)).toHaveLength(1)
  })
})

describe('lines that look the same', () => {
  test.each([
    ['Oui !', 'Oui\u00a0!', '\\u0020', '\\u00a0'],
    ['a  b', 'a b', '\\u0020', ''],
    ['\tx', '  x', '\\t', '\\u0020\\u0020'],
    ['caf\u00e9', 'cafe\u0301', '\\u00e9', 'e\\u0301'],
    ['well-known', 'well\u2011known', '-', '\\u2011'],
    ['the \u0441\u043e\u043a of \u0448', 'the co\u043a of \u0448', '\\u0441\\u043e', 'co'],
  ])('%j and %j are told apart', (one, other, differs, otherDiffers) => {
    expect(looksSame(one, other)).toBe(true)
    expect(toldApart(one, other).map((each) => each.differs)).toEqual([differs, otherDiffers])
  })
  test('whatever they are', () => {
    const lookAlike = fc.constantFrom(
      'a',
      '\u0430',
      ' ',
      '\u00a0',
      '\t',
      '\\u00a0',
      '\u200b',
      '\\',
      'e\u0301',
      'é',
    )
    const line = fc.array(lookAlike, { maxLength: 6 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(line, line, (one, other) => {
        fc.pre(one !== other)
        const [shown, otherShown] = toldApart(one, other).map(
          ({ head, differs, tail }) => head + differs + tail,
        )
        expect(shown).not.toBe(otherShown)
        expect(`${shown}${otherShown}`).not.toMatch(/[\t\u200b]/)
      }),
    )
  })
})
