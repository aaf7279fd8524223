import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Draws a number from 0 to 1, excluding 1. */
export type Random = () => number

/** The same numbers for the same seed, on every machine (pure-rand: a tested generator; Math.random takes no seed). */
export function seeded(seed: number): Random {
  const generator = xoroshiro128plus(seed)
  // Its first numbers still resemble those of the seeds beside it.
  for (let skipped = 0; skipped < 64; skipped++) generator.next()
  return () => uniformFloat64(generator)
}
