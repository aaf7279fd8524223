import type { Json } from '../canonical.ts'
import { findUnseen, type Unseen } from './unseen.ts'
import { unseenName } from './unseen-name.ts'

/** A character that a change of a value adds and that a reader does not see, or takes for another one. */
export interface NewUnseen extends Omit<Unseen, 'at'> {
  /** JSON pointer of the text in the value; empty if the value is a text. */
  readonly pointer: string
  /** Number of the line in the text, from 1. */
  readonly line: number
  /** Number of the character in the line, from 1. */
  readonly column: number
}

/** Blanks at the end of a line that are unusual also where the line changes for other reasons. Markdown uses two. */
const manyBlanks = 3

/** So many blanks in a line move what follows out of sight, where lines are not wrapped. */
const wideGap = 100

/**
 * Finds what a changed value has and a reader does not see ({@link findUnseen}), where the value before did not have it: blanks
 * at the end of a line too, if nothing else of the line is new or there are many, and a hundred blanks before other text.
 * Lines that were there before are passed over, and a changed line may have as many of each character as the lines that it
 * replaces.
 */
export function newUnseen(before: Json, after: Json): readonly NewUnseen[] {
  const gone = new Map<string, Line[]>()
  for (const line of linesIn(before)) gone.set(line.text, [...(gone.get(line.text) ?? []), line])
  const added = linesIn(after).filter(({ text }) => gone.get(text)?.pop() === undefined)
  const removed = [...gone.values()].flat()
  const allowed = new Map<string, number>()
  for (const { unseen } of removed) {
    for (const { character } of unseen) allowed.set(character, (allowed.get(character) ?? 0) + 1)
  }
  const known = new Set(removed.map(({ text }) => text.trimEnd()))
  return added.flatMap(({ text, unseen, pointer, number }): NewUnseen[] => {
    const columnOf = columnsIn(text)
    const found = unseen.flatMap(({ at, ...about }) => {
      const left = allowed.get(about.character) ?? 0
      allowed.set(about.character, left - 1)
      if (left > 0) return []
      return [{ ...about, pointer, line: number, column: columnOf(at) }]
    })
    const blanks = Array.from(text.matchAll(/[ \t]+/g)).filter(({ 0: run, index }) =>
      index + run.length < text.length
        ? run.length >= wideGap
        : run.length >= manyBlanks || known.has(text.trimEnd()),
    )
    const blankAt = columnsIn(text)
    const told = blanks.map(({ 0: run, index }): NewUnseen => {
      const character = run.charAt(0)
      return { character, kind: 'blank', pointer, line: number, column: blankAt(index) }
    })
    return [...found, ...told]
  })
}

/** So many characters are named in a sentence. */
const mostNamed = 5

/**
 * Names characters and their places in words, a few of them.
 *
 * @example unseenText(newUnseen('Hi.', 'Hi\u200b.')) // 'U+200B ZERO WIDTH SPACE (line 1, column 3)'
 */
export function unseenText(unseen: readonly NewUnseen[]): string {
  const named = unseen.slice(0, mostNamed).map((one) => {
    const inside = one.pointer === '' ? '' : `${one.pointer.replace(/[^!-~]/g, '?').slice(0, 80)}, `
    return `${unseenName(one)} (${inside}line ${one.line}, column ${one.column})`
  })
  const more = unseen.length - named.length
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '')
}

/** Numbers of characters from their positions, which have to come in order: a line may have very many. */
function columnsIn(text: string): (at: number) => number {
  let known = 0
  let column = 1
  return (at) => {
    column += [...text.slice(known, at)].length
    known = at
    return column
  }
}

interface Line {
  readonly pointer: string
  readonly number: number
  readonly text: string
  readonly unseen: readonly Unseen[]
}

/** The lines of all texts in a value, names of members among them. */
function linesIn(value: Json, pointer = ''): Line[] {
  if (typeof value === 'string') return linesOf(value, pointer)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const named = Array.isArray(value) ? [] : linesOf(key, place)
    return [...named, ...linesIn(member, place)]
  })
}

function linesOf(text: string, pointer: string): Line[] {
  const unseen = findUnseen(text)
  let begin = 0
  let next = 0
  return text.split('\n').map((raw, index) => {
    const end = begin + raw.length
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const here: Unseen[] = []
    for (let one = unseen[next]; one && one.at <= end; one = unseen[++next]) {
      const at = one.at - begin
      // Line breaks and tabs are seen for what they are.
      if (at < line.length && one.character !== '\t') here.push({ ...one, at })
    }
    begin = end + 1
    return { pointer, number: index + 1, text: line, unseen: here }
  })
}
