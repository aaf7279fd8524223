import { canonicalJson, type Json } from '@trace2/instrumentation/semconv'

/** Share of word pairs that two texts must have in common to be taken for one. */
const nearly = 0.98

/**
 * Whether two values are the same for practical purposes: equal numbers and structures; texts that differ in case,
 * space and punctuation only, or share 98 % of their neighbouring words.
 */
export function nearlyEqual(a: Json, b: Json): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return canonicalJson(a) === canonicalJson(b)
  const [left, right] = [wordsOf(a), wordsOf(b)]
  if (left.join(' ') === right.join(' ')) return true
  return jaccard(pairsOf(left), pairsOf(right)) >= nearly
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function pairsOf(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.map((word, at) => `${word} ${words[at + 1] ?? ''}`))
}

function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0
  for (const each of a) if (b.has(each)) common++
  return common / (a.size + b.size - common || 1)
}
