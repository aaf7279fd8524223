import type { Json } from '@trace2/core'
import { jsonrepair } from 'jsonrepair'
import { withoutPythonStrings } from './python-strings.ts'

/** A JSON object in a text, and where it stands. */
export interface JsonInText {
  readonly value: unknown
  readonly start: number
  readonly end: number
}

/**
 * The JSON objects in a text, the outermost only, in their order. What is not quite JSON, such as an object with single
 * quotes, comments or line breaks in its strings, is one only where `fits` says that it is what is looked for: a lenient
 * parser finds something in nearly everything.
 */
export function jsonIn(text: string, fits: (value: unknown) => boolean): readonly JsonInText[] {
  return new JsonSearch(text, fits).between(0, text.length)
}

/** A brace that can begin an object: a key, a comment or the end follows it. */
const objectStart = /\{(?=\s*(?:[bfruBFRU]{0,2}["'`“‘}]|\/[/*]|[\p{L}\p{N}_$.-]{1,100}\s*:))/gu

/**
 * Strings as JSON has them, and as JavaScript and Python have them as well. One that is not closed reaches to the end:
 * otherwise each quote in it would be read on from once more.
 */
const jsonTokens = /"(?:[^"\\]+|\\.?)*(?:"|$)|[{}]/gs
const looseTokens =
  /"(?:[^"\\]+|\\.?)*(?:"|$)|'(?:[^'\\]+|\\.?)*(?:'|$)|`(?:[^`\\]+|\\.?)*(?:`|$)|[{}]/gs

/** Times that a text is read through at most, and objects in one another that are looked into. */
const mostReadings = 50
const mostDepth = 20

class JsonSearch {
  readonly #text: string
  readonly #fits: (value: unknown) => boolean
  /** Characters that may still be read: a text of nothing but braces would take long. */
  #left: number

  constructor(text: string, fits: (value: unknown) => boolean) {
    this.#text = text
    this.#fits = fits
    this.#left = text.length * mostReadings
  }

  between(from: number, to: number, depth = 0): readonly JsonInText[] {
    const found: JsonInText[] = []
    let at = from
    while (this.#left > 0 && depth < mostDepth) {
      objectStart.lastIndex = at
      const start = objectStart.exec(this.#text)?.index ?? to
      if (start >= to) break
      const { objects, end } = this.#objectsAt(start, depth)
      found.push(...objects)
      at = end
    }
    return found
  }

  /** The object that begins here, or those that are inside of what begins here, and where to go on. */
  #objectsAt(start: number, depth: number): { objects: readonly JsonInText[]; end: number } {
    const end = this.#closing(start, jsonTokens)
    if (end !== undefined) {
      const value = this.#parsed(start, end, JSON.parse)
      if (value !== undefined) return { objects: [{ value, start, end }], end }
    }
    const loose = this.#closing(start, looseTokens) ?? this.#endWithoutBrace(start)
    const outer = end ?? loose
    if (outer === undefined) return { objects: [], end: start + 1 }
    // What is inside comes first: an object that was begun in prose and never ended reaches into the next one.
    const inner = this.between(start + 1, outer, depth + 1)
    if (inner.some(({ value }) => this.#fits(value))) return { objects: inner, end: outer }
    for (const stop of new Set([end, loose])) {
      const value = stop && this.#parsed(start, stop, lenient)
      if (stop && value && this.#fits(value)) {
        return { objects: [{ value, start, end: stop }], end: stop }
      }
    }
    return { objects: inner, end: outer }
  }

  /** The position after the brace that closes the one at `start`. */
  #closing(start: number, tokens: RegExp): number | undefined {
    let depth = 0
    tokens.lastIndex = start
    for (let match = tokens.exec(this.#text); match; match = tokens.exec(this.#text)) {
      if (match[0] === '{') depth++
      else if (match[0] === '}') depth--
      if (depth > 0) continue
      this.#left -= match.index - start
      return match.index + 1
    }
    this.#left -= this.#text.length - start
    return undefined
  }

  /** The end of the text where all that is missing is one last brace. */
  #endWithoutBrace(start: number): number | undefined {
    let end = this.#text.length
    while (end > start && /[\s`]/.test(this.#text[end - 1] ?? '')) end--
    if (this.#text[end - 1] !== '}') return undefined
    this.#left -= end - start
    return new JsonSearch(`${this.#text.slice(start, end)}}`, this.#fits).#closing(0, looseTokens)
      ? end
      : undefined
  }

  #parsed(start: number, end: number, parse: (text: string) => unknown): unknown {
    this.#left -= end - start
    try {
      const value: unknown = parse(this.#text.slice(start, end))
      return typeof value === 'object' && value !== null ? value : undefined
    } catch {
      return undefined
    }
  }
}

/** Reads what nearly is JSON, Python's literals too; throws what is not. */
export function lenient(text: string): Json {
  const json = withoutPythonStrings(text)
  if (json === text) return JSON.parse(jsonrepair(text))
  try {
    return JSON.parse(jsonrepair(json))
  } catch {
    // What was taken for a string of Python was none.
    return JSON.parse(jsonrepair(text))
  }
}
