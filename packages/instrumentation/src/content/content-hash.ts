import { sha256, valueHash } from '@trace2/core'
import type { Budget } from './budget.ts'
import { mostRead } from './cut.ts'
import { JsonWriter } from './json-writer.ts'
import type { ValueText } from './text.ts'

/** Longest string that is hashed as a whole, in characters. */
const wholeString = 512 * 1024
const pieces = 64
const pieceLength = 4_096
/** How much of the JSON text of a value is hashed, and up to where in its canonical form. */
const widest = 256 * 1024
const mostCanonical = 128 * 1024

/**
 * The hash of a value that was cut or withheld, by which equal values still meet: the SHA-256 of its canonical JSON. What
 * is too large for that has a hash of bounded cost: of a string's length and 64 evenly spread pieces; of the first 256 KiB of
 * an object's JSON text as it was written, which says how much follows. A text that is not read at all equals no other.
 */
export function contentHash(value: unknown, written: ValueText, budget: Budget): ContentHash {
  if (typeof value === 'string') {
    return { hash: stringHash(value), isOfAll: value.length <= wholeString }
  }
  if (!written.isCut) return { hash: jsonHash(written.text), isOfAll: true }
  const writer = new JsonWriter(budget, widest, { isSecond: true })
  const text = writer.write(value)
  budget.end(0)
  return { hash: writer.isCut ? sha256(text) : jsonHash(text), isOfAll: !writer.isCut }
}

export interface ContentHash {
  readonly hash: string
  /** Whether values that differ anywhere have different hashes. */
  readonly isOfAll: boolean
}

function stringHash(text: string): string {
  if (text.length <= wholeString) return valueHash(text)
  if (text.length > mostRead) return valueHash(crypto.randomUUID())
  const distance = (text.length - pieceLength) / (pieces - 1)
  const sample = [String(text.length)]
  for (let piece = 0; piece < pieces; piece++) {
    const from = Math.floor(piece * distance)
    sample.push(text.slice(from, from + pieceLength))
  }
  return sha256(sample.join(''))
}

function jsonHash(json: string): string {
  return json.length <= mostCanonical ? valueHash(JSON.parse(json)) : sha256(json)
}
