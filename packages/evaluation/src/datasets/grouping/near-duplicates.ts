import { sha256 } from '@trace2/core'
import type { Case } from '@trace2/store'
import { leavesOf } from './leaves.ts'
import { bandHashes, jaccard, shingles } from './minhash.ts'

/** Words that are compared together: their order counts. */
const sequence = 3
/**
 * Share of word sequences that each long text of two inputs must have in common. One word changed in 16 keeps 0.65, one in
 * 12 keeps 0.54; the test has the table.
 */
export const usualSimilarity = 0.6
/** Two texts at the usual similarity agree in one of the bands with probability 0.988; at 0.3 with 0.23. */
const banding = { bands: 32, rows: 4 }
/** Inputs that are looked at for each band: a bound that keeps the cost linear, however many are alike. */
const perBand = 4

interface Known {
  readonly at: number
  readonly texts: readonly Uint32Array[]
}

/** Finds inputs that are nearly the same as earlier ones, in time that grows with the length of the inputs alone. */
export class NearDuplicates {
  readonly #similarity: number
  readonly #bands = new Map<string, Known[]>()

  constructor(similarity: number = usualSimilarity) {
    this.#similarity = similarity
  }

  /** How many inputs have been compared with each other. */
  comparisons = 0

  /**
   * Takes inputs in under a number, and returns the numbers of earlier inputs that they are near to. With `longOnly`, inputs
   * without a long text are near to none: a `yes` in a session has nothing to do with that in another.
   */
  add(
    at: number,
    inputs: Case['inputs'],
    { longOnly = false }: { readonly longOnly?: boolean } = {},
  ): readonly number[] {
    const { frame, texts } = leavesOf(inputs)
    if (longOnly && texts.length === 0) return []
    const sets = texts.map(({ words, path }) => shingles(words, sequence, path))
    const known: Known = { at, texts: sets }
    const found = new Set<number>()
    const seen = new Set<Known>()
    const prefix = sha256(frame).slice(0, 16)
    for (const band of bandsOf(sets)) {
      const key = `${prefix} ${band}`
      const others = this.#bands.get(key)
      if (!others) {
        this.#bands.set(key, [known])
        continue
      }
      let near = false
      for (const other of others) {
        if (!seen.has(other)) {
          seen.add(other)
          this.comparisons++
          if (this.#near(known, other)) found.add(other.at)
        }
        near ||= found.has(other.at)
      }
      if (!near && others.length < perBand) others.push(known)
    }
    return [...found]
  }

  #near(a: Known, b: Known): boolean {
    return a.texts.every(
      (set, at) => jaccard(set, b.texts[at] ?? new Uint32Array()) >= this.#similarity,
    )
  }
}

/** Inputs without a long text have one band: they are near to those of the same frame. */
function bandsOf(sets: readonly Uint32Array[]): readonly string[] {
  const all = new Set(sets.flatMap((set) => [...set]))
  if (all.size === 0) return ['']
  return bandHashes(Uint32Array.from(all), banding).map((hash, band) => `${band}:${hash}`)
}
