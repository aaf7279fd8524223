/**
 * MinHash signatures and their bands (Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman and
 * Ullman, "Mining of Massive Datasets", §3.4). It is our own because it is small, and because a group, and so the split of a
 * case, must never change with the version of a dependency.
 */

export interface BandOptions {
  /** Bands of a signature: two sets are compared if one of theirs agrees. */
  readonly bands: number
  /** Numbers of a band. */
  readonly rows: number
}

/** Hashes of the word sequences of a length, each once, in ascending order. A text of fewer words is one sequence. */
export function shingles(words: readonly string[], length: number, salt: string): Uint32Array {
  const start = hashText(salt, 0x811c9dc5)
  const hashes = words.map((each) => hashText(each, 0x811c9dc5))
  const size = Math.min(length, hashes.length)
  const found = new Set<number>()
  for (let at = 0; size > 0 && at + size <= hashes.length; at++) {
    let hash = start
    for (let next = at; next < at + size; next++) {
      hash = mixed(Math.imul(hash, 31) + (hashes[next] ?? 0))
    }
    found.add(hash >>> 0)
  }
  return Uint32Array.from(found).sort()
}

/** One number per band of the set's signature, for equal bands equal. An empty set has none. */
export function bandHashes(set: Uint32Array, { bands, rows }: BandOptions): number[] {
  if (set.length === 0) return []
  const least = new Uint32Array(bands * rows)
  for (let at = 0; at < least.length; at++) {
    // An odd factor and an offset permute the numbers of 32 bits; the elements are well mixed already.
    const factor = mixed(2 * at + 1) | 1
    const offset = mixed(2 * at + 2)
    let smallest = 0xffffffff
    for (let element = 0; element < set.length; element++) {
      const hash = (Math.imul(set[element] ?? 0, factor) + offset) >>> 0
      if (hash < smallest) smallest = hash
    }
    least[at] = smallest
  }
  return Array.from({ length: bands }, (_, band) => {
    let hash = band
    for (const value of least.subarray(band * rows, (band + 1) * rows)) {
      hash = mixed(Math.imul(hash, 31) + value)
    }
    return hash >>> 0
  })
}

/** Share of the elements of two ascending sets that both have; of two empty sets 1. */
export function jaccard(a: Uint32Array, b: Uint32Array): number {
  let shared = 0
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i] ?? 0, b[j] ?? 0]
    if (left === right) shared++
    if (left <= right) i++
    if (right <= left) j++
  }
  const all = a.length + b.length - shared
  return all === 0 ? 1 : shared / all
}

/** FNV-1a over UTF-16 code units. */
function hashText(text: string, start: number): number {
  let hash = start
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return mixed(hash)
}

/** The finalizer of MurmurHash3: each bit of what comes in changes half of what comes out. */
function mixed(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
