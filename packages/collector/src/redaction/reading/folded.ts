/** A text as it reads, and where each of its characters stands in the text that it was read from. */
export interface Folded {
  readonly text: string
  /** Where the characters of the folded text begin in the other. */
  readonly starts: readonly number[]
  /** Where they end. */
  readonly ends: readonly number[]
}

const foldable = /%[0-9A-Fa-f]{2}|\\[nrtux"'\\/]|&#|&[a-z]{2,8};|\P{ASCII}/u
/** Codes of characters, or what they look like: those of C and JSON, of URLs, of HTML; and what is beyond ASCII. */
const escaped =
  /(?<percent>(?:%[0-9A-Fa-f]{2})+)|\\u(?:\{(?<braced>[0-9A-Fa-f]{1,6})\}|(?<unicode>[0-9A-Fa-f]{4}))|\\x(?<hex>[0-9A-Fa-f]{2})|\\(?<short>[nrt"'\\/])|&#(?:x(?<entityHex>[0-9A-Fa-f]{1,6})|(?<entity>\d{1,7}));|&(?<named>[a-z]{2,8});|(?<plus>\+)|(?<wide>\P{ASCII})/gu
const names: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  commat: '@',
  period: '.',
  colon: ':',
  equals: '=',
  sol: '/',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  plus: '+',
  num: '#',
  lpar: '(',
  rpar: ')',
  ndash: '-',
  mdash: '-',
  ensp: ' ',
}
const shorts: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const MAX_FOLDS = 3

/**
 * The text with its escapes read, the digits and signs of all scripts as those of ASCII, and without characters that
 * cannot be seen. `undefined` where that is the text itself.
 */
export function folded(text: string): Folded | undefined {
  let result: Folded | undefined
  for (let fold = 0; fold < MAX_FOLDS; fold++) {
    const next: Folded | undefined = foldOnce(result?.text ?? text)
    if (!next) break
    result = result ? through(next, result) : next
  }
  return result
}

function through({ text, starts, ends }: Folded, { starts: first, ends: last }: Folded): Folded {
  return {
    text,
    starts: starts.map((at) => first[at] ?? 0),
    ends: ends.map((at) => last[at - 1] ?? 0),
  }
}

function foldOnce(text: string): Folded | undefined {
  if (!foldable.test(text)) return undefined
  const starts: number[] = []
  const ends: number[] = []
  let out = ''
  let changed = false
  const put = (piece: string, from: number, to: number) => {
    out += piece
    for (let unit = 0; unit < piece.length; unit++) {
      starts.push(from)
      ends.push(to)
    }
  }
  const keep = (from: number, to: number) => {
    out += text.slice(from, to)
    for (let at = from; at < to; at++) {
      starts.push(at)
      ends.push(at + 1)
    }
  }
  const isForm = /%[0-9A-Fa-f]{2}/.test(text)
  let copied = 0
  for (const match of text.matchAll(escaped)) {
    const [whole] = match
    const from = match.index
    const to = from + whole.length
    const piece = pieceOf(match, isForm)
    if (piece === undefined || piece === whole) continue
    keep(copied, from)
    changed = true
    if (match.groups?.percent === undefined) put(piece, from, to)
    else putBytes(piece, { from, to }, put)
    copied = to
  }
  if (!changed) return undefined
  keep(copied, text.length)
  return { text: out, starts, ends }
}

/** Each character at the place of the bytes that it is made of, of which each takes three characters. */
function putBytes(
  piece: string,
  { from, to }: { readonly from: number; readonly to: number },
  put: (piece: string, from: number, to: number) => void,
) {
  let at = from
  const bytewise = !/[^\p{ASCII}\u0080-\u00ff]/u.test(piece) && piece.length * 3 === to - from
  for (const character of piece) {
    const length = bytewise ? 3 : 3 * Buffer.byteLength(character)
    put(character, at, at + length)
    at += length
  }
}

function pieceOf({ groups = {} }: RegExpMatchArray, isForm: boolean): string | undefined {
  const { percent, braced, unicode, hex, short, entityHex, entity, named, plus, wide } = groups
  if (wide !== undefined) return readable(wide)
  if (plus !== undefined) return isForm ? ' ' : undefined
  if (percent !== undefined) return bytesOf(percent)
  if (short !== undefined) return shorts[short] ?? short
  if (named !== undefined) return names[named]
  const code = Number.parseInt(
    braced ?? unicode ?? hex ?? entityHex ?? entity ?? '',
    entity === undefined ? 16 : 10,
  )
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}

function bytesOf(percent: string): string {
  const bytes = Buffer.from(percent.replaceAll('%', ''), 'hex')
  const text = bytes.toString('utf8')
  // What is no UTF-8 is read byte by byte, so that places are kept.
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}

const MAX_KNOWN = 20_000
const known = new Map<string, string>()

/** What a character beyond ASCII reads like. */
function readable(character: string): string {
  const before = known.get(character)
  if (before !== undefined) return before
  const read = readOf(character)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(character, read)
  return read
}

/** Characters that take no room, and such as are drawn as nothing. */
const unseen =
  /^(?:\p{Cf}|\p{Variation_Selector}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0)$/u

function readOf(character: string): string {
  if (unseen.test(character)) return ''
  const plain = character.normalize('NFKC')
  if (/^[\x20-\x7e]+$/.test(plain)) return plain
  if (/^\p{Nd}$/u.test(plain)) return String(digitOf(plain.codePointAt(0) ?? 0))
  if (/^[\p{Pd}\u2212\u2043]$/u.test(plain)) return '-'
  if (/^[\p{Z}\u2800]+$/u.test(plain)) return ' '
  if (/^[“”„‟″〝〞«»]$/.test(plain)) return '"'
  if (/^[‘’‚‛′]$/.test(plain)) return "'"
  if (/^[·•‧∙⋅・･。｡․]$/.test(plain)) return '.'
  if (/^[⁄∕╱]$/.test(plain)) return '/'
  if (/^[∶꞉]$/.test(plain)) return ':'
  return plain.length === 1 || character.length === plain.length ? plain : character
}

/** Digits of a script stand in tens, from zero to nine. */
function digitOf(code: number): number {
  let before = 0
  while (/^\p{Nd}$/u.test(String.fromCodePoint(code - before - 1))) before++
  return before % 10
}
