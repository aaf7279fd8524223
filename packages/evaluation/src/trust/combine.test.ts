import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '../numeric/index.ts'
import { combineRatings, type Rater, type Rating, varianceOfPeople } from './combine.ts'

const anna: Rater = { id: 'anna', isPerson: true, errorVariance: 0.01 }
const sharp: Rater = { id: 'sharp', isPerson: false, errorVariance: 0.02 }
const dull: Rater = { id: 'dull', isPerson: false, errorVariance: 0.08 }
const blind: Rater = { id: 'blind', isPerson: false, errorVariance: null }

function rating(rater: Rater, score: number, unit = 'u'): Rating {
  return { unit, rater: rater.id, score }
}

describe('several ratings as one score', () => {
  it('weigh as the inverse of their error', () => {
    const [one] = combineRatings([rating(sharp, 1), rating(dull, 0)], [sharp, dull])
    expect(one?.shares.sharp).toBeCloseTo(0.8)
    expect(one?.shares.dull).toBeCloseTo(0.2)
    expect(one?.score).toBeCloseTo(0.8)
    expect(one?.error).toBeCloseTo(Math.sqrt(1 / (50 + 12.5)))
  })

  it('are those of raters whose error is known, where there are some', () => {
    const [one] = combineRatings([rating(sharp, 0.4), rating(blind, 1)], [sharp, blind])
    expect(one).toMatchObject({ score: 0.4, shares: { sharp: 1 } })
    const [alone] = combineRatings([rating(blind, 0.3)], [sharp, blind])
    expect(alone).toMatchObject({ score: 0.3, error: null, shares: { blind: 1 } })
  })

  it('are those of people, where nobody knows how far they agree', () => {
    const person = { ...anna, errorVariance: null }
    const both = combineRatings(
      [rating(person, 1), rating(sharp, 0), rating(sharp, 0.2, 'v')],
      [person, sharp],
    )
    expect(both).toMatchObject([
      { unit: 'u', score: 1, error: null, shares: { anna: 1 } },
      { unit: 'v', score: 0.2, shares: { sharp: 1 } },
    ])
  })

  it('are brought to what people say before they are weighed', () => {
    const strict = { ...sharp, map: (score: number) => score / 2 }
    expect(combineRatings([rating(strict, 0.8)], [strict])[0]?.score).toBeCloseTo(0.4)
  })

  it('have a score between the lowest and the highest, and shares that sum to 1', () => {
    const raters = [anna, sharp, dull, blind]
    const ratings = fc.array(
      fc.record({
        unit: fc.constantFrom('a', 'b'),
        rater: fc.constantFrom(...raters.map(({ id }) => id)),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    )
    fc.assert(
      fc.property(ratings, (given) => {
        for (const { unit, score, shares } of combineRatings(given, raters)) {
          const own = given.filter((each) => each.unit === unit).map((each) => each.score)
          expect(score).toBeGreaterThanOrEqual(Math.min(...own) - 1e-9)
          expect(score).toBeLessThanOrEqual(Math.max(...own) + 1e-9)
          const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
          expect(total).toBeCloseTo(1)
        }
      }),
    )
  })
})

it('is nearer to the truth than the best of the raters, as near as it says', () => {
  const random = seeded(1)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const raters = [anna, sharp, dull]
  const truths = Array.from({ length: 5000 }, () => 0.3 + 0.4 * random())
  const ratings = truths.flatMap((truth, at) =>
    raters.map((rater) => {
      const error = Math.sqrt(rater.errorVariance ?? 0) * normal()
      return { unit: `${at}`, rater: rater.id, score: truth + error }
    }),
  )
  const square = combineRatings(ratings, raters).reduce(
    (sum, { score, unit }) => sum + (score - (truths[Number(unit)] ?? 0)) ** 2,
    0,
  )
  const expected = 1 / (1 / 0.01 + 1 / 0.02 + 1 / 0.08)
  expect(square / truths.length).toBeLessThan(expected * 1.05)
  expect(square / truths.length).toBeGreaterThan(expected * 0.9)
})

describe('the variance of people', () => {
  const pairs = (random: Random, count: number, deviation: number) =>
    Array.from({ length: count }, () => {
      const truth = random()
      const error = () => (random() - 0.5) * deviation * Math.sqrt(12)
      return [truth + error(), truth + error()]
    })

  it('is that of one person around what all would say', () => {
    expect(varianceOfPeople(pairs(seeded(2), 4000, 0.2))).toBeCloseTo(0.04, 2)
  })

  it('is not known from a few, nor zero where they happen to agree', () => {
    expect(varianceOfPeople([[1, 1], [0, 0], [1]])).toBeUndefined()
    const alike = Array.from({ length: 6 }, (_, at) => [at % 2, at % 2])
    expect(varianceOfPeople(alike)).toBeGreaterThan(0.02)
  })
})
