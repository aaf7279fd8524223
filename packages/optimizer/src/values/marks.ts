import { canonicalJson, type Json, newUnseen, unseenText } from '@trace2/core'
import { changedLanguage } from './language.ts'
import { missingPlaceholders, unknownPlaceholders } from './placeholders.ts'
import { isBlank, textsIn, withoutSpacing, wordsOf } from './texts.ts'
import { isCode, type TypedValue } from './type-name.ts'

/** What is unusual about a proposed text or object, so that someone should look before it is put in force. */
export interface ValueMark {
  readonly kind:
    | 'drops'
    | 'grows'
    | 'language'
    | 'placeholders'
    | 'unknown-placeholders'
    | 'empties'
    | 'keys'
    | 'invisible'
  /** In a sentence. */
  readonly detail: string
}

/** Share of the present words below which most of a text is gone, and words from which that can be said. */
const leastKept = 1 / 3
const fewestWords = 8

/** Words from which a text that keeps none of them is another text. */
const fewestReplaced = 3

/** Times the present length above which a text has grown too much, and characters that it has to grow by. */
const mostGrowth = 2
const leastGrowth = 150

/** Looks at a change of a text, or of a value with texts or keys in it. Code and numbers have no marks. */
export function marksOf(present: TypedValue, proposed: Json): readonly ValueMark[] {
  if (isCode(present)) return []
  const [before, after] = [textsIn(present.value), textsIn(proposed)]
  const [text, other] = [before.join('\n'), after.join('\n')]
  const lost = lostKeys(present.value, proposed)
  if (isBlank(text)) return lost
  return [
    ...lost,
    ...emptied(before, after),
    ...resized(text, other),
    ...rewritten(text, other),
    ...hidden(present.value, proposed),
  ]
}

/** Most keys that a mark names. */
const mostNamed = 10

function lostKeys(before: Json, after: Json): ValueMark[] {
  const [had, has] = [keysOf(before), keysOf(after)]
  const isLost = (path: string) => !has.has(path)
  // What was inside a lost member is lost with it.
  const lost = [...had].filter(([path, outer]) => isLost(path) && (outer === '' || !isLost(outer)))
  if (lost.length === 0) return []
  const names = lost.slice(0, mostNamed).map(([path]) => path)
  const more = lost.length > mostNamed ? ` and ${lost.length - mostNamed} more` : ''
  const keys = lost.length === 1 ? 'key' : 'keys'
  return [{ kind: 'keys', detail: `It loses the ${keys} ${names.join(', ')}${more}.` }]
}

/** Where the members of the objects in a value are, each with the member around it; all items of a list are one place. */
function keysOf(value: Json): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  const look = (inside: Json, place: string, outer: string) => {
    if (Array.isArray(inside)) {
      for (const item of inside) look(item, `${place}[]`, outer)
    } else if (typeof inside === 'object' && inside !== null) {
      for (const [key, member] of Object.entries(inside)) {
        const path = place === '' ? key : `${place}.${key}`
        keys.set(path, outer)
        look(member, path, path)
      }
    }
  }
  look(value, '', '')
  return keys
}

function emptied(before: readonly string[], after: readonly string[]): ValueMark[] {
  const blank = (texts: readonly string[]) => texts.filter(isBlank).length
  const more = after.length === 0 ? before.length : blank(after) - blank(before)
  return more > 0
    ? [{ kind: 'empties', detail: `It empties ${more} of ${before.length} texts.` }]
    : []
}

function resized(before: string, after: string): ValueMark[] {
  const marks: ValueMark[] = []
  const words = wordsOf(before)
  const kept = keptOf(words, wordsOf(after))
  const isAnother = kept === 0 && words.length >= fewestReplaced
  if (isAnother || (words.length >= fewestWords && kept < words.length * leastKept)) {
    marks.push({ kind: 'drops', detail: `It keeps ${kept} of ${words.length} words.` })
  }
  const [was, is] = [before.trim().length, after.trim().length]
  if (is > was * mostGrowth && is - was >= leastGrowth) {
    marks.push({ kind: 'grows', detail: `It grows from ${was} to ${is} characters.` })
  }
  return marks
}

function rewritten(before: string, after: string): ValueMark[] {
  const marks: ValueMark[] = []
  const language = changedLanguage(before, after)
  if (language) marks.push({ kind: 'language', detail: `It changes ${language}.` })
  const missing = missingPlaceholders(before, after)
  if (missing.length > 0) {
    marks.push({ kind: 'placeholders', detail: `It loses ${missing.join(', ')}.` })
  }
  const unknown = unknownPlaceholders(before, after)
  if (unknown.length > 0) {
    const detail = `It has ${unknown.join(', ')}, which the present value has not.`
    marks.push({ kind: 'unknown-placeholders', detail })
  }
  return marks
}

/** Characters that no reader sees or that look like others, but not to a model. */
function hidden(before: Json, after: Json): ValueMark[] {
  const unseen = newUnseen(before, after)
  if (unseen.length === 0) return []
  return [{ kind: 'invisible', detail: `It adds what cannot be seen: ${unseenText(unseen)}.` }]
}

/** How many of the words are still there, each as often as it was. */
function keptOf(words: readonly string[], others: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const word of others) counts.set(word, (counts.get(word) ?? 0) + 1)
  return words.filter((word) => {
    const left = counts.get(word) ?? 0
    counts.set(word, left - 1)
    return left > 0
  }).length
}

/** Whether a value is an empty text, which no program can be meant to use: its schema would have to list it. */
export function isEmptyText(present: TypedValue, proposed: Json): boolean {
  if (typeof proposed !== 'string' || !isBlank(proposed) || isCode(present)) return false
  const { value, schema } = present
  // A separator is nothing but white space, and may become another one.
  if (typeof value === 'string' && value !== '' && isBlank(value)) return proposed === ''
  const members = typeof schema === 'object' && schema !== null ? Object.values(schema) : []
  return !members.some(
    (member: Json) => member === proposed || (Array.isArray(member) && member.includes(proposed)),
  )
}

/** Whether a proposed value is the present one, white space in texts aside. */
export function changesNothing(present: TypedValue, proposed: Json): boolean {
  const [before, after] = [canonicalJson(present.value), canonicalJson(proposed)]
  if (before === after || isCode(present)) return before === after
  return canonicalJson(withoutSpacing(present.value)) === canonicalJson(withoutSpacing(proposed))
}
