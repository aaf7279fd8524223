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
const manyDigits = /\d{16}/

/**
 * A JSON text in which whole numbers that `JSON.parse` would round are texts of their digits: they are ids, and two of them that
 * differ must not become one. The text itself where it has none.
 */
export function withIds(text: string): string {
  return manyDigits.test(text) ? withNumbers(text, idAsText) : text
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
