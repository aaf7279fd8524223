import { distancesFrom, type WordVectors } from './similarity.ts'

/** Some of many texts that stand for all of them, and which stands for which. */
export interface Representatives {
  /** Positions of the texts chosen, in the order in which they were. */
  readonly chosen: readonly number[]
  /** For each text the place in `chosen` of the one nearest to it. */
  readonly nearest: Int32Array
  /** Distances of each of the chosen from all texts. */
  readonly distances: readonly Float64Array[]
}

/** Distance below which a text needs no representative of its own. */
const negligible = 0.05

/**
 * Chooses up to `limit` texts so that each text has one near it: again and again the one that is farthest from those chosen
 * so far (Gonzalez, "Clustering to minimize the maximum intercluster distance", 1985; at most twice as far as with the
 * best choice). So a text unlike all others is chosen early, however many others there are. O(limit × words).
 */
export function representatives({ vectors, size }: WordVectors, limit: number): Representatives {
  const nearest = new Int32Array(vectors.length)
  const least = new Float64Array(vectors.length).fill(Number.POSITIVE_INFINITY)
  const chosen: number[] = []
  const distances: Float64Array[] = []
  for (let next = 0; chosen.length < limit; ) {
    const vector = vectors[next]
    if (!vector) break
    const own = distancesFrom(vector, vectors, size)
    for (let at = 0; at < own.length; at++) {
      const distance = own[at] ?? 0
      if (distance >= (least[at] ?? 0)) continue
      least[at] = distance
      nearest[at] = chosen.length
    }
    chosen.push(next)
    distances.push(own)
    next = farthest(least)
    if ((least[next] ?? 0) < negligible) break
  }
  return { chosen, nearest, distances }
}

/** The first of those that are farthest. */
function farthest(least: Float64Array): number {
  let best = 0
  for (let at = 1; at < least.length; at++) if ((least[at] ?? 0) > (least[best] ?? 0)) best = at
  return best
}
