import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '../numeric/index.ts'
import { atLeastOf, atMostOf } from '../testing/binomial.ts'
import { labelsToTell, separation } from './separation.ts'

/** Normally distributed. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Scores of a judge whose good things lie higher by so many standard deviations, rounded to so many steps. */
function judged(random: Random, labels: number, shareGood: number, shift: number, steps: number) {
  return Array.from({ length: labels }, (_, at) => {
    const isGood = at < labels * shareGood
    const raw = normal(random) + (isGood ? shift : 0)
    return { isGood, score: steps === 0 ? raw : Math.round(raw * steps) / steps }
  })
}

it('is the share of pairs that the judge puts in order, equal scores counting half', () => {
  const some = fc.array(fc.record({ isGood: fc.boolean(), score: fc.integer({ min: 0, max: 4 }) }))
  fc.assert(
    fc.property(some, (all) => {
      const [good, bad] = [true, false].map((is) => all.filter(({ isGood }) => isGood === is))
      const wins = (good ?? []).flatMap((a) =>
        (bad ?? []).map((b) => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)),
      )
      const found = separation(all)
      if (wins.length === 0) {
        expect(found).toBeUndefined()
        return
      }
      const share = wins.reduce((sum: number, win) => sum + win, 0) / wins.length
      expect(found?.auc).toBeCloseTo(share, 12)
      expect(found?.low).toBeLessThanOrEqual(share + 1e-9)
      expect(found?.high).toBeGreaterThanOrEqual(share - 1e-9)
    }),
  )
})

it('mirrors where good and bad change places', () => {
  const all = judged(seeded(4), 40, 0.3, 1, 0)
  const found = separation(all)
  const mirrored = separation(all.map(({ isGood, score }) => ({ isGood: !isGood, score })))
  expect(mirrored?.auc).toBeCloseTo(1 - (found?.auc ?? 0), 9)
  expect(mirrored?.low).toBeCloseTo(1 - (found?.high ?? 0), 9)
  expect(mirrored?.high).toBeCloseTo(1 - (found?.low ?? 0), 9)
})

describe('over many simulated judges', () => {
  const runs = 2000

  it.each([
    [20, 0.5, 0],
    [20, 0.75, 2],
    [60, 0.9, 0],
    [200, 0.3, 1],
  ])(
    'one at random, with %i labels, is called useful at most 5 times of 100',
    (labels, share, steps) => {
      const random = seeded(11)
      let useful = 0
      for (let run = 0; run < runs; run++) {
        const found = separation(judged(random, labels, share, 0, steps))
        if (found && found.low > 0.5) useful++
      }
      expect(useful).toBeLessThanOrEqual(atMostOf(runs, 0.05))
    },
  )

  it.each([
    // Area, and the shift of normal scores that has it.
    [0.6, 0.358],
    [0.76, 1],
    [0.92, 2],
  ])('the interval holds the true area %d 19 times of 20', (area, shift) => {
    const random = seeded(12)
    let missed = 0
    for (let run = 0; run < runs; run++) {
      const found = separation(judged(random, 50, 0.6, shift, 0))
      if (!found || area < found.low || area > found.high) missed++
    }
    expect(missed).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  })

  it.each([
    [0.64, 0.507, 0.5],
    [0.76, 1, 0.8],
  ])('as many labels as announced show an area of %d four times of five', (area, shift, share) => {
    const labels = labelsToTell(area, share)
    const random = seeded(13)
    let shown = 0
    for (let run = 0; run < runs; run++) {
      const found = separation(judged(random, labels, share, shift, 0))
      if (found && found.low > 0.5) shown++
    }
    expect(shown).toBeGreaterThanOrEqual(atLeastOf(runs, 0.78))
    expect(shown).toBeLessThanOrEqual(atMostOf(runs, 0.86))
  })
})
