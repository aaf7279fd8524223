import { overlap, subjectWords } from '../words.ts'

export interface Field {
  readonly label: string
  readonly value: string
}

/** Labelled values in a text: `Order number: 1042` lines and the string and number members of JSON objects. */
export function fields(text: string): Field[] {
  const found: Field[] = []
  for (const [, label, value] of text.matchAll(
    /^[ \t>*-]*(\p{L}[\p{L} _-]{0,30}):[ \t]+(\S.*)$/gmu,
  )) {
    if (label && value) found.push({ label: label.trim(), value: value.trim() })
  }
  for (const [, label, string, number] of text.matchAll(
    /"([\p{L}_][\p{L}\p{N} _-]{0,30})"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*))/gu,
  )) {
    const value = string ?? number
    if (label && value) {
      found.push({
        label: spaced(label),
        value: value.replaceAll('\\"', '"').replaceAll('\\n', '\n'),
      })
    }
  }
  return found
}

/** A name from a program as words: `orderNumber` → `order Number`. */
export function spaced(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
}

/** The field that a phrase such as "the order number" means: the one that shares most words with it. */
export function findField(text: string, phrase: string): Field | undefined {
  const wanted = subjectWords(phrase)
  let best: Field | undefined
  let most = 0
  for (const field of fields(text)) {
    const label = subjectWords(field.label)
    const shared = overlap(label, wanted)
    // A label must be meant as a whole: "order number" is not the "order date".
    const fit = shared === label.size || shared === wanted.size ? shared : 0
    if (fit > most) {
      most = fit
      best = field
    }
  }
  return best
}
