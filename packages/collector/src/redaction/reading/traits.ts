import { mayTell } from './telling-words.ts'

/** A part of a text. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** What one pass over a text tells, so that most searches need not begin, or know where. */
export interface Traits {
  /** Rows of groups of digits, of seven digits or more, with at most three signs but no letters between two groups. */
  readonly rows: readonly (readonly Stretch[])[]
  /** Stretches of at least ten letters, digits and the signs of base64. */
  readonly stretches: readonly Stretch[]
  /** Where words begin with two letters and then a digit, a sign between them or not. */
  readonly codes: readonly number[]
  readonly digits: number
  readonly at: boolean
  readonly colons: number
  readonly dots: number
  readonly hyphens: number
  /** Whether it holds anything beyond ASCII. */
  readonly wide: boolean
  /** Whether it holds a sign by which characters are escaped: `%`, `\` or `&`. */
  readonly escapes: boolean
  /** Whether three letters in a row are of a word that announces a secret. */
  readonly tells: boolean
}

const SHORTEST_STRETCH = 10
const FEWEST_DIGITS = 7
const WIDEST_GAP = 3

const OTHER = 0
const LETTER = 1
const DIGIT = 2
const OF_BASE64 = 3
const AT = 4
const COLON = 5
const DOT = 6
const ESCAPE = 7
const HYPHEN = 8
/** What no number goes on behind. */
const BREAK = 9

const kinds = new Uint8Array(128)
const setKind = (characters: string, kind: number) => {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind
}
setKind('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', LETTER)
setKind('0123456789', DIGIT)
setKind('_+/=', OF_BASE64)
setKind('@', AT)
setKind(':', COLON)
setKind('.', DOT)
setKind('%\\&', ESCAPE)
setKind('-', HYPHEN)
setKind('\n\r"\'<>', BREAK)

const OUTSIDE = 0
const IN_DIGITS = 1
const IN_WORD = 2

export function traitsOf(text: string): Traits {
  const { length } = text
  const rows = new Rows()
  const stretches: Stretch[] = []
  const codes: number[] = []
  let [begin, digits, colons, dots, hyphens] = [0, 0, 0, 0, 0]
  let [at, wide, escapes, tells] = [false, false, false, false]
  let state = OUTSIDE
  let groupFrom = 0
  let letters = 0
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    const kind = code < 128 ? (kinds[code] ?? OTHER) : BREAK
    if (kind === LETTER) {
      letters = ((letters << 5) | (code & 31)) & 0x7fff
      if (mayTell[letters] === 1) tells = true
      if (state !== IN_WORD) {
        if (state === OUTSIDE && (isDigit(text, index + 2) || isDigit(text, index + 3))) {
          codes.push(index)
        }
        state = IN_WORD
        rows.end()
      }
      continue
    }
    letters = 0
    if (kind === DIGIT) {
      digits++
      if (state !== OUTSIDE) continue
      state = IN_DIGITS
      groupFrom = index
      continue
    }
    if (state === IN_DIGITS) rows.add(groupFrom, index)
    state = OUTSIDE
    if (kind === OF_BASE64) continue
    if (kind === HYPHEN) {
      hyphens++
      continue
    }
    if (index - begin >= SHORTEST_STRETCH) stretches.push({ from: begin, to: index })
    begin = index + 1
    if (kind === BREAK) {
      if (code > 127) wide = true
      rows.end()
    } else if (kind === COLON) colons++
    else if (kind === DOT) dots++
    else if (kind === AT) at = true
    else if (kind === ESCAPE) escapes = true
  }
  if (state === IN_DIGITS) rows.add(groupFrom, length)
  rows.end()
  if (length - begin >= SHORTEST_STRETCH) stretches.push({ from: begin, to: length })
  return {
    rows: rows.found,
    stretches,
    codes,
    digits,
    at,
    colons,
    dots,
    hyphens,
    wide,
    escapes,
    tells,
  }
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** Gathers groups of digits, and keeps a row of them that is long enough. */
class Rows {
  readonly found: Stretch[][] = []
  #row: Stretch[] = []
  #digits = 0
  #end = 0

  add(from: number, to: number): void {
    if (this.#digits > 0 && from - this.#end > WIDEST_GAP) this.end()
    this.#row.push({ from, to })
    this.#digits += to - from
    this.#end = to
  }

  end(): void {
    if (this.#digits === 0) return
    if (this.#digits >= FEWEST_DIGITS) this.found.push(this.#row)
    this.#row = []
    this.#digits = 0
  }
}
