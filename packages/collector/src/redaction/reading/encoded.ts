import { isUtf8 } from 'node:buffer'
import type { Stretch, Traits } from './traits.ts'

/** A stretch of a text that is another text in base64 or hexadecimal digits. */
export interface Encoded {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** So much of a stretch shows whether it is a text at all. */
const GLANCE = 64
const SHORTEST = 7
/** Lines of base64 are at least so long where they are broken. */
const LINE = 60

/** Texts that stand in a text in base64 (RFC 4648, both alphabets) or in hexadecimal digits. */
export function encodedIn(text: string, { stretches }: Traits): Encoded[] {
  const found: Encoded[] = []
  for (const { from, to } of joined(text, stretches)) {
    const whole = text.slice(from, to)
    const decoded = decodedOf(whole)
    if (decoded !== undefined) found.push({ from, to, text: decoded })
    else if (whole.length <= 4096 && /[/_+=-]/.test(whole)) {
      for (const part of whole.matchAll(/[A-Za-z0-9]{10,}={0,2}/g)) {
        const inner = part[0].length === whole.length ? undefined : decodedOf(part[0])
        const at = from + part.index
        if (inner !== undefined) found.push({ from: at, to: at + part[0].length, text: inner })
      }
    }
  }
  return found
}

/** Lines of one text in base64 as one stretch. */
function joined(text: string, stretches: Traits['stretches']): Stretch[] {
  const all: Stretch[] = []
  for (const stretch of stretches) {
    const last = all.at(-1)
    const isNext =
      last !== undefined &&
      last.to - last.from >= LINE &&
      stretch.from - last.to <= 10 &&
      /^(?:\r?\n|\\n)[ \t]*$/.test(text.slice(last.to, stretch.from))
    if (isNext) all[all.length - 1] = { from: last.from, to: stretch.to }
    else all.push(stretch)
  }
  return all
}

function decodedOf(code: string): string | undefined {
  const isHex = mayBeHex(code)
  if (isHex) {
    const text = textOf(code, 'hex')
    if (text !== undefined) return text
  }
  if (!mayBegin((at) => byteOfBase64(code, at))) return undefined
  return textOf(code.replace(/\\n|\s+/g, ''), 'base64')
}

function mayBeHex(code: string): boolean {
  if (code.length < 2 * SHORTEST) return false
  const pair = (at: number) => Number.parseInt(code.slice(2 * at, 2 * at + 2), 16)
  return mayBegin(pair) && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(code)
}

/** Whether three bytes can be the beginning of a text in UTF-8, or of ASCII in UTF-16. */
function mayBegin(byte: (at: number) => number): boolean {
  const [one, two, three] = [byte(0), byte(1), byte(2)]
  if (one >= 0xc2 && one < 0xf5) return two >= 0x80 && two < 0xc0
  if (!isPrinted(one)) return false
  if (two === 0) return true
  if (two >= 0xc2 && two < 0xf5) return three >= 0x80 && three < 0xc0
  return isPrinted(two) && (isPrinted(three) || (three >= 0xc2 && three < 0xf5))
}

function isPrinted(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 10 || byte === 13 || byte === 9
}

const sixBits = new Uint8Array(128)
for (const [at, sign] of [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
].entries()) {
  sixBits[sign.charCodeAt(0)] = at
}
sixBits['-'.charCodeAt(0)] = 62
sixBits['_'.charCodeAt(0)] = 63

/** One of the first three bytes that four signs of base64 make. */
function byteOfBase64(code: string, at: number): number {
  const high = sixBits[code.charCodeAt(at)] ?? 0
  const low = sixBits[code.charCodeAt(at + 1)] ?? 0
  return ((high << (2 * at + 2)) | (low >> (4 - 2 * at))) & 0xff
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
