/** What one pass over a text tells, so that most searches need not begin. */
export interface Traits {
  /** Most digits in a row, whatever stands between them but letters. */
  readonly digits: number
  /** Longest stretch of letters, digits and the signs that tokens are made of. */
  readonly longest: number
  readonly at: boolean
  readonly colons: number
  readonly dots: number
  /** Whether it holds anything beyond ASCII. */
  readonly wide: boolean
  /** Whether it holds a sign by which characters are escaped: `%`, `\` or `&`. */
  readonly escapes: boolean
  readonly dashes: boolean
}

const LETTER = 1
const DIGIT = 2
const OF_TOKENS = 3
const AT = 4
const COLON = 5
const DOT = 6
const ESCAPE = 7
const DASH = 8

const kinds = new Uint8Array(128)
const setKind = (characters: string, kind: number) => {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind
}
setKind('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', LETTER)
setKind('0123456789', DIGIT)
setKind('_+/=', OF_TOKENS)
setKind('@', AT)
setKind(':', COLON)
setKind('.', DOT)
setKind('%\\&', ESCAPE)
setKind('-', DASH)

export function traitsOf(text: string): Traits {
  let digits = 0
  let digitsNow = 0
  let longest = 0
  let begin = 0
  let at = false
  let colons = 0
  let dots = 0
  let wide = false
  let escapes = false
  let dashes = false
  const { length } = text
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    const kind = code < 128 ? kinds[code] : 0
    if (kind === LETTER) {
      digitsNow = 0
      continue
    }
    if (kind === DIGIT) {
      digitsNow++
      if (digitsNow > digits) digits = digitsNow
      continue
    }
    if (kind === OF_TOKENS) continue
    if (kind === DASH) {
      if (text.charCodeAt(index - 1) === code) dashes = true
      continue
    }
    if (index - begin > longest) longest = index - begin
    begin = index + 1
    if (code > 127) wide = true
    else if (kind === COLON) colons++
    else if (kind === DOT) dots++
    else if (kind === AT) at = true
    else if (kind === ESCAPE) escapes = true
  }
  if (length - begin > longest) longest = length - begin
  return { digits, longest, at, colons, dots, wide, escapes, dashes }
}
