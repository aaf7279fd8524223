import { findLookAlikes } from './look-alikes.ts'

/** Why a character does not show what is there. */
export type UnseenKind =
  /** Controls a terminal, or breaks a line as nobody expects. */
  | 'control'
  /** Takes no room. */
  | 'invisible'
  /** Changes the direction of text, and with it the order in which it is read. */
  | 'direction'
  /** Looks like a space and is none. */
  | 'blank'
  /** Has no meaning that Unicode knows: private use, noncharacters, halves of surrogate pairs. */
  | 'unassigned'
  /** Looks like another letter. */
  | 'look-alike'
  /** One of many marks on a letter, or a mark without one. */
  | 'mark'

/** A character of a text that a reader does not see, or takes for another one. */
export interface Unseen {
  /** Position in the text, in UTF-16 units. */
  readonly at: number
  readonly character: string
  readonly kind: UnseenKind
  /** What it looks like, where it looks like something. */
  readonly like?: string
}

/** Whatever may have to be shown; where it stands decides. */
const candidates =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\uFFF9-\uFFFC\u2800\u{1D159}\u{16FE4}\u{13430}-\u{1343F}]|(?! )\p{Zs}/gu

const plain = /^[ -~]*$/

/** Digits of another script within a number of ASCII's: those of some look like other digits of ours. */
const foreignDigits =
  /(?<=[0-9])(?![0-9\uFF10-\uFF19\u{1D7CE}-\u{1D7FF}])\p{Nd}|(?![0-9\uFF10-\uFF19\u{1D7CE}-\u{1D7FF}])\p{Nd}(?=[0-9])/gu

/** Digits of a script follow one another, from the one that is zero. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

/**
 * Finds the characters that a reader does not see or takes for others, in order. Characters that writing systems and emoji
 * need are not among them where these need them: joiners in Arabic, Persian and Indic words and in emoji, no-break spaces at
 * French punctuation and in numbers, wide spaces of East Asian text, words of any script.
 *
 * Line breaks and tabs are among them as `control`.
 */
export function findUnseen(text: string): readonly Unseen[] {
  if (plain.test(text)) return []
  const found: Unseen[] = []
  for (const { 0: character, index } of text.matchAll(candidates)) {
    const kind = kindOf(text, index, character)
    if (kind) found.push({ at: index, character, kind })
  }
  for (const [at, like] of findLookAlikes(text)) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
    found.push({ at, character, kind: 'look-alike', like })
  }
  for (const { 0: character, index } of text.matchAll(foreignDigits)) {
    found.push({ at: index, character, kind: 'look-alike', like: digitOf(character) })
  }
  for (const at of stackedMarks(text)) {
    found.push({ at, character: text.charAt(at), kind: 'mark' })
  }
  return found.sort((a, b) => a.at - b.at)
}

function kindOf(text: string, at: number, character: string): UnseenKind | undefined {
  const before = characterBefore(text, at)
  const after = characterAt(text, at + character.length)
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(character)) return 'control'
  if (/[\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/u.test(character)) return 'unassigned'
  if (/\p{Bidi_Control}/u.test(character)) return 'direction'
  if (/\p{Zs}/u.test(character)) return isUsualBlank(character, before, after) ? undefined : 'blank'
  if (character === '\u2800') return isBraille(before) || isBraille(after) ? undefined : 'blank'
  return isNeeded(text, at, character, before, after) ? undefined : 'invisible'
}

/** Whether a character that takes no room has a use where it stands. */
function isNeeded(
  text: string,
  at: number,
  character: string,
  before: string,
  after: string,
): boolean {
  switch (character) {
    case '\u200C':
    case '\u200D':
      if (character === '\u200D' && isJoinedEmoji(text, at, after)) return true
      return joining.test(before) && !/[\u200C\u200D]/.test(after)
    case '\uFE0E':
    case '\uFE0F':
      return pictograph.test(before) || (/[0-9#*]/.test(before) && after === '\u20E3')
    case '\u180B':
    case '\u180C':
    case '\u180D':
    case '\u180E':
    case '\u180F':
      return /(?![\u180B-\u180F])\p{Script=Mongolian}/u.test(before)
    default:
      return isOfFlag(text, at)
  }
}

const pictograph = /\p{Extended_Pictographic}/u

/** Letters and marks that joiners change the form of. */
const joining =
  /(?![\u200C\u200D])[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Script=Balinese}\p{Script=Javanese}\u064B-\u0652]/u

/** Emoji, a variation or a colour of skin, then the joiner and another emoji. */
function isJoinedEmoji(text: string, at: number, after: string): boolean {
  if (!pictograph.test(after)) return false
  const before = text.slice(Math.max(0, at - 6), at)
  return /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?$/u.test(before)
}

/** The flags of England, Scotland and Wales are the only ones that are written with tags. */
const flags = ['gbeng', 'gbsct', 'gbwls'].map((name) => {
  const tags = Array.from(name, (letter) => tagOf(letter.charCodeAt(0))).join('')
  return `\u{1F3F4}${tags}${tagOf(0x7f)}`
})

function tagOf(ascii: number): string {
  return String.fromCodePoint(0xe0000 + ascii)
}

function isOfFlag(text: string, at: number): boolean {
  // Only the little that a flag has before this: to look further for each tag takes too long.
  const before = Math.max(0, at - 13)
  const begin = text.slice(before, at).lastIndexOf('\u{1F3F4}')
  return begin >= 0 && flags.some((flag) => text.startsWith(flag, before + begin))
}

function isUsualBlank(character: string, before: string, after: string): boolean {
  if (character === '\u3000') return eastAsian.test(before) || eastAsian.test(after)
  if (!/[\u00A0\u2009\u202F]/.test(character)) return false
  return (
    /[:;!?»%€$£°‰›]/.test(after) ||
    /[«‹]/.test(before) ||
    (/\d/.test(before) && /[\d\p{L}]/u.test(after))
  )
}

const eastAsian =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3001-\u303F\uFF01-\uFF60]/u

function isBraille(character: string): boolean {
  return /[\u2801-\u28FF]/.test(character)
}

const diacritic =
  '[\\u0300-\\u034E\\u0350-\\u036F\\u1AB0-\\u1AFF\\u1DC0-\\u1DFF\\u20D0-\\u20FF\\uFE20-\\uFE2F]'
/** Marks on nothing, or more than any language puts on a letter. */
const stacked = new RegExp(`(^|[\\s"])(${diacritic}+)|(${diacritic}{3})(${diacritic}+)`, 'gu')

function stackedMarks(text: string): readonly number[] {
  return Array.from(text.matchAll(stacked), ({ 0: all, 2: first, 4: more, index }) => {
    const { length } = first ?? more ?? ''
    return Array.from({ length }, (_, mark) => index + all.length - length + mark)
  }).flat()
}

function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at)
  return code === undefined ? '' : String.fromCodePoint(code)
}

function characterBefore(text: string, at: number): string {
  const isPair = /[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 2), at))
  return text.slice(isPair ? at - 2 : Math.max(0, at - 1), at)
}
