import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meanInterval } from './interval.ts'

function sampleOf(scores: readonly number[]) {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { runs: scores.length, mean, squares }
}

const binary = (good: number, runs: number) =>
  sampleOf(Array.from({ length: runs }, (_, at) => (at < good ? 1 : 0)))

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

describe('the interval of a mean', () => {
  it.each([
    // Wilson's interval as R's prop.test(correct = FALSE) gives it.
    [5, 10, 0.2366, 0.7634],
    [0, 10, 0, 0.2775],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662],
    [1, 29, 0.0061, 0.1718],
  ])('of %i good ones in %i is that of Wilson', (good, runs, low, high) => {
    const interval = meanInterval(binary(good, runs))
    expect(interval?.low).toBeCloseTo(low, 4)
    expect(interval?.high).toBeCloseTo(high, 4)
  })

  it('of no scores is none, and of equal ones no certainty', () => {
    expect(meanInterval({ runs: 0, mean: 0, squares: 0 })).toBeUndefined()
    for (const [scores, least] of [
      [[0.5], 0.7],
      [[0.75, 0.75, 0.75], 0.4],
      [[0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25], 0.1],
    ] as const) {
      const { low = 0, high = 0 } = meanInterval(sampleOf(scores)) ?? {}
      expect(high - low).toBeGreaterThan(least)
    }
  })

  it('lies within 0 and 1, holds the mean and turns with the scale', () => {
    const share = fc.integer({ min: 0, max: 1000 }).map((part) => part / 1000)
    const scores = fc.array(share, { minLength: 1 })
    fc.assert(
      fc.property(scores, (given) => {
        const sample = sampleOf(given)
        const interval = meanInterval(sample)
        const turned = meanInterval({ ...sample, mean: 1 - sample.mean })
        if (!interval || !turned) throw new Error('no interval')
        expect(interval.low).toBeGreaterThanOrEqual(0)
        expect(interval.high).toBeLessThanOrEqual(1)
        expect(interval.low).toBeLessThanOrEqual(sample.mean)
        expect(interval.high).toBeGreaterThanOrEqual(sample.mean)
        expect(turned.low).toBeCloseTo(1 - interval.high, 9)
      }),
    )
  })

  it.each<[string, (random: () => number) => number, number]>([
    ['thumbs, half of them up', (random) => (random() < 0.5 ? 1 : 0), 0.5],
    ['thumbs, nine of ten up', (random) => (random() < 0.9 ? 1 : 0), 0.9],
    ['stars', (random) => pick(random(), [0.1, 0.1, 0.2, 0.3, 0.3]), 0.65],
    ['stars, mostly five', (random) => pick(random(), [0.03, 0.02, 0.05, 0.1, 0.8]), 0.905],
    ['stars, one or five', (random) => pick(random(), [0.3, 0.05, 0.05, 0.1, 0.5]), 0.6125],
    ['any share', (random) => random(), 0.5],
    ['small shares with a tail', (random) => random() ** 4, 0.2],
  ])('holds the true mean of %s about 95 times in 100', (_about, draw, mean) => {
    const random = randomFrom(1234)
    for (const [runs, least] of [
      [10, 0.92],
      [30, 0.925],
      [100, 0.93],
      [400, 0.935],
    ] as const) {
      const trials = 2000
      let held = 0
      for (let trial = 0; trial < trials; trial++) {
        const interval = meanInterval(sampleOf(Array.from({ length: runs }, () => draw(random))))
        if (interval && interval.low <= mean && mean <= interval.high) held++
      }
      expect(held / trials).toBeGreaterThan(least)
      // A few scores are given the benefit of the doubt, many are not.
      expect(held / trials).toBeLessThan(runs < 30 ? 0.995 : runs < 100 ? 0.98 : 0.97)
    }
  })
})

/** One of the five places on a scale of stars, with the given chances. */
function pick(random: number, chances: readonly number[]): number {
  let rest = random
  const at = chances.findIndex((chance) => {
    rest -= chance
    return rest < 0
  })
  return (at < 0 ? chances.length - 1 : at) / (chances.length - 1)
}
