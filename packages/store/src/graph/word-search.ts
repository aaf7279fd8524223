const WINDOW = 8
const BASE = 0x01000193
const FILTER_BITS = 16
/** Comparing 64 characters takes about as long as going on to the next word. */
const COMPARED_AT_ONCE = 6

/**
 * Finds which of some words a text contains, in one pass over it however many they are: the hash of each place's first
 * eight characters is kept up as the place moves on, and words are compared only where theirs is equal (Karp and Rabin
 * 1987). Shorter words are looked for one by one.
 */
export class WordSearch<Owner> {
  readonly #short: [string, Owner][] = []
  readonly #long = new Map<number, [string, Owner][]>()
  /** Whether any word may have a hash: quicker to ask at each place than the map. */
  readonly #filter = new Uint8Array(1 << FILTER_BITS)
  /** How many words were compared so far, long ones counting for more. */
  comparisons = 0

  add(word: string, owner: Owner): void {
    if (word.length < WINDOW) {
      this.#short.push([word, owner])
      return
    }
    const hash = hashOf(word)
    this.#filter[hash >>> (32 - FILTER_BITS)] = 1
    const list = this.#long.get(hash)
    if (list) list.push([word, owner])
    else this.#long.set(hash, [[word, owner]])
  }

  /** Whose words the text contains. */
  in(text: string): Set<Owner> {
    const found = new Set<Owner>()
    for (const [word, owner] of this.#short) if (isWithin(word, text)) found.add(owner)
    this.comparisons += this.#short.length
    if (this.#long.size === 0 || text.length < WINDOW) return found
    let hash = hashOf(text)
    for (let at = 0; ; at++) {
      if (this.#filter[hash >>> (32 - FILTER_BITS)] === 1) {
        for (const [word, owner] of this.#long.get(hash | 0) ?? []) {
          this.comparisons += 1 + (word.length >> COMPARED_AT_ONCE)
          if (!found.has(owner) && text.startsWith(word, at) && isWhole(word, text, at)) {
            found.add(owner)
          }
        }
      }
      if (at + WINDOW >= text.length) return found
      hash =
        Math.imul(hash - Math.imul(text.charCodeAt(at), LEADING), BASE) +
        text.charCodeAt(at + WINDOW)
    }
  }
}

/** Longer words are found in a text wherever they stand. */
const SHORT = 64

/** Whether words stand in a text: as whole words, where they are short. The condition in `edge-view.ts` is the same. */
export function isWithin(words: string, text: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    if (isWhole(words, text, at)) return true
  }
  return false
}

// Scripts without capital letters mostly write no blanks between words.
const first = /^[\p{Lu}\p{Ll}\p{N}_-]/u
const last = /[\p{Lu}\p{Ll}\p{N}_-]$/u

function isWhole(words: string, text: string, at: number): boolean {
  const end = at + words.length
  if (words.length > 2 * SHORT) return true
  if (words.length > SHORT && [...words].length > SHORT) return true
  const isCutBefore = first.test(words) && last.test(text.slice(Math.max(at - 2, 0), at))
  return !isCutBefore && !(last.test(words) && first.test(text.slice(end, end + 2)))
}

/** What the first character of a window counts. */
const LEADING = power(WINDOW - 1)

function power(exponent: number): number {
  let product = 1
  for (let factor = 0; factor < exponent; factor++) product = Math.imul(product, BASE)
  return product
}

function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < WINDOW; at++) hash = Math.imul(hash, BASE) + text.charCodeAt(at)
  return hash | 0
}
