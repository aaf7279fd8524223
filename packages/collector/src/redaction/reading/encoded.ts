import { isUtf8 } from 'node:buffer'

/** A stretch of a text that is another text in base64 or hexadecimal digits. */
export interface Encoded {
  readonly from: number
  readonly to: number
  readonly text: string
}

const stretch =
  /(?:[A-Za-z0-9+/]{60,76}(?:\r?\n|\\n)[ \t]{0,8}){1,4000}[A-Za-z0-9+/]{1,76}={0,2}|[A-Za-z0-9+/_-]{10,}={0,2}/g
/** So much of a stretch shows whether it is a text at all. */
const GLANCE = 64
const SHORTEST = 7

/** Texts that stand in a text in base64 (RFC 4648, both alphabets) or in hexadecimal digits. */
export function* encodedIn(text: string): Generator<Encoded> {
  for (const match of text.matchAll(stretch)) {
    const [whole] = match
    const from = match.index
    const decoded = decodedOf(whole)
    if (decoded !== undefined) {
      yield { from, to: from + whole.length, text: decoded }
      continue
    }
    if (!/[/_+-]/.test(whole) || whole.length > 4096) continue
    for (const part of whole.matchAll(/[A-Za-z0-9]{10,}={0,2}/g)) {
      if (part[0].length === whole.length) continue
      const inner = decodedOf(part[0])
      const at = from + part.index
      if (inner !== undefined) yield { from: at, to: at + part[0].length, text: inner }
    }
  }
}

function decodedOf(code: string): string | undefined {
  const isHex = code.length >= 2 * SHORTEST && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(code)
  if (isHex && /^(?:0[9ad]|[2-7].|[c-fC-F].[89abAB].)/.test(code)) {
    // An odd digit before it: the `x` of `0x` is no digit, so none is left over.
    const text = textOf(code, 'hex')
    if (text !== undefined) return text
  }
  return isHex && code.length > 40 ? undefined : textOf(code.replace(/\\n|\s+/g, ''), 'base64')
}

function textOf(code: string, encoding: 'hex' | 'base64'): string | undefined {
  const beginning = Buffer.from(code.slice(0, GLANCE), encoding)
  if (beginning.length < SHORTEST) return undefined
  if (beginning[1] === 0 && beginning[3] === 0 && beginning[5] === 0) {
    return readable(Buffer.from(code, encoding).toString('utf16le'))
  }
  if (!isText(beginning)) return undefined
  const bytes = code.length > GLANCE ? Buffer.from(code, encoding) : beginning
  return isUtf8(bytes) ? readable(bytes.toString('utf8')) : undefined
}

/** A character may be cut at the end of what is looked at. */
function isText(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) return false
  }
  for (let cut = 0; cut < 4; cut++) if (isUtf8(bytes.subarray(0, bytes.length - cut))) return true
  return false
}

function readable(text: string): string | undefined {
  return /(?![\t\n\r])[\p{Cc}\ufffd]/u.test(text) ? undefined : text
}
