/**
 * A JSON text with each of its numbers written otherwise.
 *
 * @param write gives what stands in the place of a number.
 * @param mark is put before the characters of each string.
 */
export function withNumbers(text: string, write: (digits: string) => string, mark = ''): string {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at)
    const end = quote < 0 ? text.length : quote
    parts.push(text.slice(at, end).replace(/-?\d[\d.eE+-]*/g, write))
    if (quote < 0) break
    const close = closingQuote(text, quote)
    parts.push(`"${mark}`, text.slice(quote + 1, close + 1))
    at = close + 1
  }
  return parts.join('')
}

function closingQuote(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1
    while (text[before] === '\\') before--
    if ((at - before) % 2 === 1) return at
  }
  return text.length
}

/** So many digits may be more than a number has room for. */
const MANY_DIGITS = 16

/**
 * A JSON text in which whole numbers that `JSON.parse` would round are texts of their digits: they are ids, and two of them that
 * differ must not become one. The text itself where it has none.
 */
export function withIds(text: string): string {
  return hasManyDigits(text) ? withNumbers(text, idAsText) : text
}

/** Whether so many digits stand side by side. Every text that is captured is asked, so only one character in so many is looked at. */
function hasManyDigits(text: string): boolean {
  for (let at = MANY_DIGITS - 1; at < text.length; at += MANY_DIGITS) {
    if (!isDigit(text, at)) continue
    let from = at
    while (isDigit(text, from - 1)) from--
    while (isDigit(text, at + 1)) at++
    if (at - from >= MANY_DIGITS - 1) return true
  }
  return false
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0x30 && code <= 0x39
}

/**
 * Parses JSON, with ids as {@link withIds} has them.
 *
 * @throws {SyntaxError} where it is no JSON.
 */
export function parseWithIds(text: string): unknown {
  return JSON.parse(withIds(text))
}

/** A whole number, or the text of its digits where a number would be another one. */
export function wholeOrText(digits: string): number | string {
  const number = Number(digits)
  return String(number) === digits || Number.isSafeInteger(number) ? number : digits
}

function idAsText(digits: string): string {
  return /^-?[1-9]\d{15,}$/.test(digits) && typeof wholeOrText(digits) === 'string'
    ? `"${digits}"`
    : digits
}
