import { expect, test } from 'vitest'
import { crossingProbability, levelReachedWith } from './crossing.ts'
import { approximateLevel } from './level-table.ts'

test('a level is reached with the probability that it was made for', () => {
  for (const probability of [0.001, 0.045, 0.3, 0.9]) {
    expect(crossingProbability(levelReachedWith(probability), 0)).toBeCloseTo(probability, 9)
  }
})

test('a drift towards a level makes it likelier, and a level at the start is reached', () => {
  expect(crossingProbability(2, 1)).toBeGreaterThan(crossingProbability(2, 0))
  expect(crossingProbability(2, -1)).toBeLessThan(crossingProbability(2, 0))
  expect(crossingProbability(0, -5)).toBe(1)
  expect(crossingProbability(2, 60)).toBe(1)
})

test('the table of levels agrees with the quantiles it was made from', () => {
  for (let exponent = 0; exponent <= 9.9; exponent += 0.037) {
    const probability = 10 ** -exponent
    expect(approximateLevel(probability)).toBeCloseTo(levelReachedWith(probability), 3)
  }
})
