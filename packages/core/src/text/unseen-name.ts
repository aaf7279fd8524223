import type { Unseen } from './unseen.ts'

const names: ReadonlyMap<number, string> = new Map([
  [0x0009, 'CHARACTER TABULATION'],
  [0x0020, 'SPACE'],
  [0x00a0, 'NO-BREAK SPACE'],
  [0x00ad, 'SOFT HYPHEN'],
  [0x034f, 'COMBINING GRAPHEME JOINER'],
  [0x061c, 'ARABIC LETTER MARK'],
  [0x115f, 'HANGUL CHOSEONG FILLER'],
  [0x1160, 'HANGUL JUNGSEONG FILLER'],
  [0x1680, 'OGHAM SPACE MARK'],
  [0x17b4, 'KHMER VOWEL INHERENT AQ'],
  [0x17b5, 'KHMER VOWEL INHERENT AA'],
  [0x180e, 'MONGOLIAN VOWEL SEPARATOR'],
  [0x2000, 'EN QUAD'],
  [0x2001, 'EM QUAD'],
  [0x2002, 'EN SPACE'],
  [0x2003, 'EM SPACE'],
  [0x2004, 'THREE-PER-EM SPACE'],
  [0x2005, 'FOUR-PER-EM SPACE'],
  [0x2006, 'SIX-PER-EM SPACE'],
  [0x2007, 'FIGURE SPACE'],
  [0x2008, 'PUNCTUATION SPACE'],
  [0x2009, 'THIN SPACE'],
  [0x200a, 'HAIR SPACE'],
  [0x200b, 'ZERO WIDTH SPACE'],
  [0x200c, 'ZERO WIDTH NON-JOINER'],
  [0x200d, 'ZERO WIDTH JOINER'],
  [0x200e, 'LEFT-TO-RIGHT MARK'],
  [0x200f, 'RIGHT-TO-LEFT MARK'],
  [0x2028, 'LINE SEPARATOR'],
  [0x2029, 'PARAGRAPH SEPARATOR'],
  [0x202a, 'LEFT-TO-RIGHT EMBEDDING'],
  [0x202b, 'RIGHT-TO-LEFT EMBEDDING'],
  [0x202c, 'POP DIRECTIONAL FORMATTING'],
  [0x202d, 'LEFT-TO-RIGHT OVERRIDE'],
  [0x202e, 'RIGHT-TO-LEFT OVERRIDE'],
  [0x202f, 'NARROW NO-BREAK SPACE'],
  [0x205f, 'MEDIUM MATHEMATICAL SPACE'],
  [0x2060, 'WORD JOINER'],
  [0x2061, 'FUNCTION APPLICATION'],
  [0x2062, 'INVISIBLE TIMES'],
  [0x2063, 'INVISIBLE SEPARATOR'],
  [0x2064, 'INVISIBLE PLUS'],
  [0x2066, 'LEFT-TO-RIGHT ISOLATE'],
  [0x2067, 'RIGHT-TO-LEFT ISOLATE'],
  [0x2068, 'FIRST STRONG ISOLATE'],
  [0x2069, 'POP DIRECTIONAL ISOLATE'],
  [0x2800, 'BRAILLE PATTERN BLANK'],
  [0x3000, 'IDEOGRAPHIC SPACE'],
  [0x3164, 'HANGUL FILLER'],
  [0xfeff, 'ZERO WIDTH NO-BREAK SPACE'],
  [0xffa0, 'HALFWIDTH HANGUL FILLER'],
  [0xfff9, 'INTERLINEAR ANNOTATION ANCHOR'],
  [0xfffa, 'INTERLINEAR ANNOTATION SEPARATOR'],
  [0xfffb, 'INTERLINEAR ANNOTATION TERMINATOR'],
  [0xfffc, 'OBJECT REPLACEMENT CHARACTER'],
  [0xe0001, 'LANGUAGE TAG'],
  [0xe007f, 'CANCEL TAG'],
])

/** Names by ranges, where Unicode numbers them or what they are says enough. */
const ranges: readonly (readonly [first: number, last: number, name: (code: number) => string])[] =
  [
    [0x180b, 0x180f, () => 'MONGOLIAN FREE VARIATION SELECTOR'],
    [0xfe00, 0xfe0f, (code) => `VARIATION SELECTOR-${code - 0xfe00 + 1}`],
    [0xe0100, 0xe01ef, (code) => `VARIATION SELECTOR-${code - 0xe0100 + 17}`],
    [0xe0020, 0xe007e, (code) => `TAG ${JSON.stringify(String.fromCharCode(code - 0xe0000))}`],
    [0x1d173, 0x1d17a, () => 'MUSICAL SYMBOL, FORMAT'],
  ]

const kinds: Readonly<Record<Unseen['kind'], string>> = {
  control: 'CONTROL CHARACTER',
  invisible: 'INVISIBLE CHARACTER',
  direction: 'DIRECTION MARK',
  blank: 'BLANK',
  unassigned: 'CHARACTER WITHOUT A MEANING',
  'look-alike': 'LOOK-ALIKE',
  mark: 'COMBINING MARK',
}

/**
 * What a character is called, in ASCII.
 *
 * @example unseenName({ at: 0, character: '\u200b', kind: 'invisible' }) // 'U+200B ZERO WIDTH SPACE'
 */
export function unseenName({ character, kind, like }: Omit<Unseen, 'at'>): string {
  const code = character.codePointAt(0) ?? 0
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (like !== undefined) return `${number}, which looks like ${JSON.stringify(like)}`
  return `${number} ${names.get(code) ?? nameInRange(code) ?? nameOfKind(code, kind)}`
}

function nameInRange(code: number): string | undefined {
  return ranges.find(([first, last]) => code >= first && code <= last)?.[2](code)
}

function nameOfKind(code: number, kind: Unseen['kind']): string {
  if (kind !== 'unassigned') return kinds[kind]
  if (code >= 0xd800 && code <= 0xdfff) return 'LONE SURROGATE'
  return (code & 0xfffe) === 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)
    ? 'NONCHARACTER'
    : 'PRIVATE USE'
}
