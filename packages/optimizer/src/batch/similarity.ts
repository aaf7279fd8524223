import { words } from '../text/words.ts'

/** Weight of each word of a text, of length 1 (TF-IDF over the texts given). */
export type WordVector = ReadonlyMap<string, number>

/** TF-IDF vectors of texts: words that few texts have count more. A text without words is empty. */
export function wordVectors(texts: readonly string[]): WordVector[] {
  const counts = texts.map((text) => {
    const own = new Map<string, number>()
    for (const word of words(text)) own.set(word, (own.get(word) ?? 0) + 1)
    return own
  })
  const documents = new Map<string, number>()
  for (const own of counts) {
    for (const word of own.keys()) documents.set(word, (documents.get(word) ?? 0) + 1)
  }
  return counts.map((own) => {
    const weights = [...own].map(([word, count]) => {
      const rarity = Math.log(1 + texts.length / (documents.get(word) ?? 1))
      return [word, (1 + Math.log(count)) * rarity] as const
    })
    const length = Math.hypot(...weights.map(([, weight]) => weight)) || 1
    return new Map(weights.map(([word, weight]) => [word, weight / length]))
  })
}

/** Cosine distance, 0 for the same direction, 1 for nothing in common; two empty texts are the same. */
export function distance(a: WordVector, b: WordVector): number {
  if (a.size === 0 && b.size === 0) return 0
  const [small, large] = a.size <= b.size ? [a, b] : [b, a]
  let product = 0
  for (const [word, weight] of small) product += weight * (large.get(word) ?? 0)
  return Math.max(0, 1 - product)
}
