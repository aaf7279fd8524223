import { canonicalJson, type Json } from '@trace2/core'
import { functionTokens } from './source.ts'

/** Share of word pairs that two texts must have in common to be taken for one. */
const nearly = 0.98

/**
 * Whether two values are the same for practical purposes: equal numbers and structures; texts that differ in case,
 * space and punctuation only, or share 98 % of their neighbouring words; functions of the same tokens, since `<` and
 * `<=` are not the same for any purpose.
 */
export function nearlyEqual(a: Json, b: Json): boolean {
  if (typeof a !== 'string' || typeof b !== 'string') return canonicalJson(a) === canonicalJson(b)
  const [code, otherCode] = [functionTokens(a), functionTokens(b)]
  if (code && otherCode) return code.join('\n') === otherCode.join('\n')
  const [left, right] = [wordsOf(a), wordsOf(b)]
  if (left.length === 0) return a.trim() === b.trim()
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
