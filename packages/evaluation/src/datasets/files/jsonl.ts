import type { Json } from '@trace2/core'
import { raise } from '../../errors.ts'
import { isTooDeep } from './nesting.ts'
import { textOf } from './text.ts'

export interface Line {
  /** From 1. */
  readonly line: number
  readonly bytes: Uint8Array
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** The lines of a text in UTF-8, without those that are blank. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let rest: Uint8Array[] = []
  let line = 1
  for await (const chunk of chunks) {
    let from = 0
    for (let to = chunk.indexOf(lineFeed); to >= 0; to = chunk.indexOf(lineFeed, from)) {
      const bytes = Buffer.concat([...rest, chunk.subarray(from, to)])
      if (!isBlank(bytes)) yield { line, bytes }
      rest = []
      line++
      from = to + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  const bytes = Buffer.concat(rest)
  if (!isBlank(bytes)) yield { line, bytes }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === carriageReturn)
}

/**
 * The JSON object of a line.
 *
 * @throws {Trace2Error} `T2_CASE_TEXT`
 */
export function objectOf(bytes: Uint8Array): { readonly [name: string]: Json } {
  const text = textOf(bytes)
  if (isTooDeep(text)) throw raise('T2_CASE_TEXT', 'The line is nested too deep.')
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_CASE_TEXT', `The line is not JSON: ${reason}`, { cause: error })
  }
  if (isJsonObject(value)) return value
  const list = Array.isArray(value)
    ? 'a list: write each case on a line of its own'
    : 'no JSON object'
  throw raise('T2_CASE_TEXT', `The line is ${list}.`)
}

export function isJsonObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
