import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '../numeric/index.ts'
import { atMostOf } from '../testing/binomial.ts'
import { agreement } from './agreement.ts'
import { krippendorffAlpha, type Level, type RatedUnit } from './krippendorff.ts'

interface Raters {
  readonly raters: number
  /** How often a rater says what comes to mind. */
  readonly careless: number
  readonly categories: number
  /** How often a rating is missing. */
  readonly missing: number
}

/** Ratings of things that each have a true category. */
function rated(random: Random, units: number, { raters, ...of }: Raters): RatedUnit[] {
  const any = () => Math.floor(random() * of.categories)
  return Array.from({ length: units }, () => {
    const truth = any()
    return Array.from({ length: raters }, () => (random() < of.careless ? any() : truth)).filter(
      () => random() >= of.missing,
    )
  })
}

describe('an interval of alpha', () => {
  const careful = { raters: 2, careless: 0.1, categories: 2, missing: 0 }
  const mixed = { raters: 3, careless: 0.3, categories: 5, missing: 0.2 }
  const random = { raters: 2, careless: 1, categories: 3, missing: 0 }

  it.each<[string, Raters, number, Level]>([
    ['two careful raters on few things', careful, 20, 'nominal'],
    ['three raters, ratings missing', mixed, 30, 'nominal'],
    ['the same in an order', mixed, 30, 'ordinal'],
    ['the same as numbers', mixed, 30, 'interval'],
    ['raters at random', random, 40, 'nominal'],
  ])('holds the truth 19 times of 20: %s', (_, raters, units, level) => {
    const truth = krippendorffAlpha(rated(seeded(99), 50_000, raters), level) ?? Number.NaN
    const runs = 150
    let missed = 0
    for (let run = 1; run <= runs; run++) {
      const found = agreement(rated(seeded(run), units, raters), level, run)
      if (!found || truth < found.low || truth > found.high) missed++
    }
    expect(missed).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  })

  it('is the same for the same seed, and holds alpha', () => {
    const units = rated(seeded(5), 30, mixed)
    const found = agreement(units, 'interval', 3)
    expect(found).toEqual(agreement(units, 'interval', 3))
    expect(found?.low).toBeLessThan(found?.alpha ?? 0)
    expect(found?.high).toBeGreaterThan(found?.alpha ?? 1)
  })
})

describe('agreement in a word', () => {
  const all = (count: number) => Array.from({ length: count }, (_, at) => [at % 2, at % 2])

  it('is good only where enough was rated alike', () => {
    expect(agreement(all(6), 'nominal')).toMatchObject({ alpha: 1, word: 'unclear' })
    expect(agreement(all(200), 'nominal')).toMatchObject({ alpha: 1, word: 'good' })
  })

  it('is tentative between the two marks, and none below them', () => {
    const raters = { raters: 3, categories: 3, missing: 0 }
    const some = rated(seeded(1), 800, { ...raters, careless: 0.14 })
    expect(agreement(some, 'nominal')).toMatchObject({ word: 'tentative' })
    const little = rated(seeded(1), 200, { ...raters, careless: 0.5 })
    expect(agreement(little, 'nominal')).toMatchObject({ word: 'none' })
  })

  it('is none at all where nothing was rated by two', () => {
    expect(agreement([[1], [0]], 'nominal')).toBeUndefined()
  })
})
