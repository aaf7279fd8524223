import { words } from '@trace2/core'

/** Weight of each word of a text, of length 1 (TF-IDF over the texts given). Words are numbers below `size`. */
export interface WordVector {
  readonly words: Int32Array
  readonly weights: Float64Array
}

export interface WordVectors {
  readonly vectors: readonly WordVector[]
  /** How many different words there are. */
  readonly size: number
}

/**
 * TF-IDF vectors of texts: words that few texts have count more. A number or an id that only one text has says which case
 * it is, not of what kind, and is left out. A text without words is empty.
 */
export function wordVectors(texts: readonly string[]): WordVectors {
  const documents = new Map<string, number>()
  const counts = texts.map((text) => {
    const own = new Map<string, number>()
    for (const word of words(text)) own.set(word, (own.get(word) ?? 0) + 1)
    for (const word of own.keys()) documents.set(word, (documents.get(word) ?? 0) + 1)
    return own
  })
  const numbers = new Map<string, number>()
  for (const [word, count] of documents) {
    if (count > 1 || !/\p{N}/u.test(word)) numbers.set(word, numbers.size)
  }
  const vectors = counts.map((own) => {
    const known = [...own].flatMap(([word, count]) => {
      const number = numbers.get(word)
      const rarity = Math.log(1 + texts.length / (documents.get(word) ?? 1))
      return number === undefined ? [] : { number, weight: (1 + Math.log(count)) * rarity }
    })
    const length = Math.hypot(...known.map(({ weight }) => weight)) || 1
    return {
      words: Int32Array.from(known, ({ number }) => number),
      weights: Float64Array.from(known, ({ weight }) => weight / length),
    }
  })
  return { vectors, size: numbers.size }
}

/**
 * Cosine distances of one text from others, 0 for the same direction, 1 for nothing in common; two empty texts are the
 * same.
 */
export function distancesFrom(
  from: WordVector,
  others: readonly WordVector[],
  size: number,
): Float64Array {
  const dense = new Float64Array(size)
  for (const [at, word] of from.words.entries()) dense[word] = from.weights[at] ?? 0
  return Float64Array.from(others, (other) => {
    if (from.words.length === 0 && other.words.length === 0) return 0
    let product = 0
    for (let at = 0; at < other.words.length; at++) {
      product += (other.weights[at] ?? 0) * (dense[other.words[at] ?? 0] ?? 0)
    }
    return Math.max(0, 1 - product)
  })
}
