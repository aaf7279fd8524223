import { isParameterName, valueHash } from '@trace2/core'

/** Begins the name of a prompt that neither its span nor anything around it has a name for. */
export const UNNAMED_PROMPT = 'prompt.'

/** A name as parameters have them: what they cannot have becomes `_`. */
export function parameterNameOf(name: string): string {
  return isParameterName(name) ? name : name.replace(/[^A-Za-z0-9_.\-/]+/g, '_') || '_'
}

/** Name of the prompt of an agent, a function or an operator. */
export function promptOf(caller: string, role: string): string {
  return parameterNameOf(`${caller}.${role}`)
}

/**
 * The first words of a text, for the name of a prompt that nothing else names: they tell the prompts of one program apart
 * and outlive most edits.
 */
export function firstWords(text: string): string {
  const words = wordsOf(text.slice(0, MOST_TEXT)).slice(0, 5).join('-')
  // Names have only letters from a to z: of words in another script, nothing would be left.
  return /^[^a-z]*[a-z]{2}/.test(words) ? words : `text-${valueHash(words).slice(0, 8)}`
}

/** Characters of a text that are looked at. */
export const MOST_TEXT = 4_000

/** The words of a text in lower case, without numbers. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
}

/** Up to four words from the first on in which a text differs from another one; none where it only ends earlier. */
export function differingWords(text: string, other: string): string {
  const words = wordsOf(text)
  const others = wordsOf(other)
  const at = words.findIndex((word, index) => word !== others[index])
  return at < 0 ? '' : words.slice(at, at + 4).join('-')
}

/** Share of the words that two texts have in common, from 0 to 1, each word as often as it is said (Sørensen-Dice). */
export function likeness(text: string, other: string): number {
  const words = wordsOf(text)
  const others = wordsOf(other)
  const left = new Map<string, number>()
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1)
  let common = 0
  for (const word of words) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    left.set(word, count - 1)
    common++
  }
  const all = words.length + others.length
  return all === 0 ? 1 : (2 * common) / all
}

/** The prompt that a name with differing words belongs to: `agent.system` of `agent.system.choose-the-final`. */
export function baseOf(name: string): string {
  return /^(.*\.(?:system|prompt)|prompt\.[^.]+)\.[^.]+$/.exec(name)?.[1] ?? name
}
