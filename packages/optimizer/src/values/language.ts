import { francAll } from 'franc-min'

/** Letters below which the language of a text is anyone's guess. */
const fewestLetters = 20

/** Share of the best language's score below which a text is not in another one. */
const unlike = 0.85

/** Says to which language or script a text has changed, or `undefined` where it has not or that is not clear. */
export function changedLanguage(present: string, proposed: string): string | undefined {
  const [before, after] = [wordsOnly(present), wordsOnly(proposed)]
  const [from, to] = [scriptOf(before), scriptOf(after)]
  if (from && to && from !== to) return `from ${from} to ${to} script`
  if (lettersIn(before) < fewestLetters || lettersIn(after) < fewestLetters) return undefined
  const [first, second] = [languagesOf(before), languagesOf(after)]
  const [was, is] = [first[0]?.[0], second[0]?.[0]]
  if (!was || !is || was === is) return undefined
  const stillLike = Math.max(scoreOf(second, was), scoreOf(first, is))
  return stillLike < unlike ? `from ${languageName(was)} to ${languageName(is)}` : undefined
}

/** A text without what is in no language: placeholders, addresses, and words in capitals. */
function wordsOnly(text: string): string {
  return text.replace(/\{[^{}]*\}|<[^<>]*>|https?:\S+|\b[A-Z_]{2,}\b/g, ' ')
}

const scripts: ReadonlyMap<string, RegExp> = new Map([
  ['Latin', /\p{Script=Latin}/gu],
  ['Cyrillic', /\p{Script=Cyrillic}/gu],
  ['Greek', /\p{Script=Greek}/gu],
  ['Arabic', /\p{Script=Arabic}/gu],
  ['Hebrew', /\p{Script=Hebrew}/gu],
  ['Devanagari', /\p{Script=Devanagari}/gu],
  ['Bengali', /\p{Script=Bengali}/gu],
  ['Tamil', /\p{Script=Tamil}/gu],
  ['Thai', /\p{Script=Thai}/gu],
  ['Hangul', /\p{Script=Hangul}/gu],
  ['Chinese or Japanese', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu],
])

/** The script that most of the letters are of. */
function scriptOf(text: string): string | undefined {
  const half = lettersIn(text) / 2
  return Array.from(scripts).find(([, pattern]) => countOf(text, pattern) > half)?.[0]
}

function lettersIn(text: string): number {
  return countOf(text, /\p{L}/gu)
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

type Languages = ReturnType<typeof francAll>

function languagesOf(text: string): Languages {
  return francAll(text).filter(([code]) => code !== 'und')
}

function scoreOf(languages: Languages, code: string): number {
  return languages.find(([other]) => other === code)?.[1] ?? 0
}

function languageName(code: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code
}
