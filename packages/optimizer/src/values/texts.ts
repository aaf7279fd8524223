import type { Json } from '@trace2/core'

/** The texts in a value, in their order. */
export function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap((member: Json) => textsIn(member))
}

/** Whether a reader sees nothing in a text: white space, marks without width, control characters. */
export function isBlank(text: string): boolean {
  return !/[^\p{White_Space}\p{Cc}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]/u.test(text)
}

/** Words of a text, numbers included. Where words have no space between them, each letter is one. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .match(
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+/gu,
      ) ?? []
  )
}

/** A value with each run of white space in its texts as one space, and none around them. */
export function withoutSpacing(value: Json): Json {
  if (typeof value === 'string') {
    // A separator is made of white space: what it is made of counts.
    return isBlank(value) ? value : value.replace(/\s+/g, ' ').trim()
  }
  if (Array.isArray(value)) return value.map(withoutSpacing)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, Json]) => [name, withoutSpacing(member)]),
  )
}
