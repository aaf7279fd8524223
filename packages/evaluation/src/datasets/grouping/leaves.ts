import { canonicalJson, type Json } from '@trace2/core'
import type { Case } from '@trace2/store'

/** A text in a case's inputs that is long enough to be compared word by word. */
export interface LongText {
  /** Where it stands, for example `["ticket","body"]` as JSON. */
  readonly path: string
  readonly words: readonly string[]
}

/** A case's inputs as they are compared with others. */
export interface Leaves {
  /** What has to be equal: the structure, and every short value that says something. */
  readonly frame: string
  readonly texts: readonly LongText[]
}

/**
 * From so many different words on, a text is compared by its words. Of fewer, one makes all the difference: "where is my
 * order" and "where is my bill" are not alike.
 */
export const longFrom = 8

/**
 * Characters of scripts that put no space between words are words by themselves. A word with a digit in it, and the marks
 * within numbers, dates and addresses, are one word.
 */
const word =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]|[\p{L}\p{M}\p{N}_]+(?:[-./:@#][\p{L}\p{M}\p{N}_]+)*/gu

/** What stands for each number, date or id: cases that differ in those alone are copies of each other. */
const number = '#'

/** Words in lower case, numbers and ids all the same. */
export function wordsOf(text: string): string[] {
  const found = text.normalize('NFKC').toLowerCase().match(word) ?? []
  return found.map((each) => (/\p{N}/u.test(each) ? number : each))
}

/** Takes the inputs of a case apart for comparison. */
export function leavesOf(inputs: Case['inputs']): Leaves {
  const texts: LongText[] = []
  const short: { readonly path: string; readonly value: Json }[] = []
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (typeof value === 'object' && value !== null) {
      const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
      for (const [name, member] of members) visit(member, [...path, name])
      if (members.length === 0) short.push({ path: JSON.stringify(path), value })
      return
    }
    const words = typeof value === 'string' ? wordsOf(value) : []
    const at = JSON.stringify(path)
    if (isLong(words)) texts.push({ path: at, words })
    else short.push({ path: at, value: typeof value === 'string' ? folded(value) : value })
  }
  for (const [role, value] of Object.entries(inputs)) visit(value, [role])
  texts.sort((a, b) => (a.path < b.path ? -1 : 1))
  // Beside a long text, a number or an id only says which case it is.
  const telling = (value: Json) => texts.length === 0 || !isNumberOrId(value)
  const frame = Object.fromEntries(
    short.map(({ path, value }) => [path, telling(value) ? value : number]),
  )
  return { frame: canonicalJson([frame, texts.map(({ path }) => path)]), texts }
}

/** Whether a text says enough to be compared by its words. */
export function isLong(words: readonly string[]): boolean {
  return new Set(words.filter((each) => each !== number)).size >= longFrom
}

/** A text without what makes no difference: case, and how it is spaced. */
export function folded(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase()
}

function isNumberOrId(value: Json): boolean {
  if (typeof value === 'number') return true
  return typeof value === 'string' && /\p{N}/u.test(value) && !/\s\S*\p{L}{2}/u.test(value)
}
