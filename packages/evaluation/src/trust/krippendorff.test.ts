import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { krippendorffAlpha, type Level, type RatedUnit } from './krippendorff.ts'

/** Ratings as published: a row for each observer, a letter or digit for each unit, `.` where there is none. */
function unitsOf(...rows: readonly string[]): RatedUnit[] {
  const columns = rows.map((row) => [...row.replaceAll(' ', '')])
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, unit) =>
    columns.flatMap((column) => {
      const given = column[unit] ?? '.'
      return given === '.' ? [] : [Number.parseInt(given, 36)]
    }),
  )
}

describe('the worked examples of Krippendorff (2011)', () => {
  const two = unitsOf('0 1 0 0 0 0 0 0 1 0', '1 1 1 0 0 1 0 0 0 0')
  const letters = unitsOf('a a b b d c c c e d d a', 'b a b b b c c c e d d d')
  const four = unitsOf(
    '1 2 3 3 2 1 4 1 2 . . .',
    '1 2 3 3 2 2 4 1 2 5 . 3',
    '. 3 3 3 2 3 4 2 2 5 1 .',
    '1 2 3 3 2 4 4 1 2 5 1 .',
  )

  it.each<[string, RatedUnit[], Level, number]>([
    ['A: binary, two observers', two, 'nominal', 0.095],
    ['B: five categories, two observers', letters, 'nominal', 0.692],
    ['C: four observers, ratings missing', four, 'nominal', 0.743],
    ['C: the same in an order', four, 'ordinal', 0.815],
    ['C: the same as numbers', four, 'interval', 0.849],
  ])('%s, %#', (_, units, level, alpha) => {
    expect(krippendorffAlpha(units, level)).toBeCloseTo(alpha, 3)
  })
})

const levels: readonly Level[] = ['nominal', 'ordinal', 'interval']
const someUnits = fc.array(
  fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 0, maxLength: 5 }),
  { minLength: 1, maxLength: 12 },
)

/** The definition, pair by pair: δ² as it stands in the paper, with the ordinal sum written out. */
function byDefinition(units: readonly RatedUnit[], level: Level): number | undefined {
  const pairable = units.filter((unit) => unit.length > 1)
  const all = pairable.flat()
  const count = (category: number) => all.filter((each) => each === category).length
  const difference = (a: number, b: number) => {
    if (level === 'nominal') return a === b ? 0 : 1
    if (level === 'interval') return (a - b) ** 2
    const [low, high] = [Math.min(a, b), Math.max(a, b)]
    let sum = 0
    for (let g = low; g <= high; g++) sum += count(g)
    return (sum - (count(low) + count(high)) / 2) ** 2
  }
  const pairs = (ratings: readonly number[]) =>
    ratings.flatMap((a, i) => ratings.flatMap((b, j) => (i === j ? [] : [difference(a, b)])))
  const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0)
  const expected = sum(pairs(all)) / (all.length * (all.length - 1))
  if (!(expected > 0)) return undefined
  const observed = sum(pairable.map((unit) => sum(pairs(unit)) / (unit.length - 1))) / all.length
  return 1 - observed / expected
}

it.each(levels)('is what its definition says, pair by pair: %s', (level) => {
  fc.assert(
    fc.property(someUnits, (units) => {
      const alpha = krippendorffAlpha(units, level)
      const defined = byDefinition(units, level)
      if (defined === undefined) expect(alpha).toBeUndefined()
      else expect(alpha).toBeCloseTo(defined, 9)
    }),
  )
})

it('changes with no order of units or ratings, and with no unit that has one rating', () => {
  fc.assert(
    fc.property(someUnits, fc.constantFrom(...levels), (units, level) => {
      const other = [...units.map((unit) => unit.toReversed()).toReversed(), [3], []]
      const [alpha, again] = [krippendorffAlpha(units, level), krippendorffAlpha(other, level)]
      if (alpha === undefined) expect(again).toBeUndefined()
      else expect(again).toBeCloseTo(alpha, 9)
    }),
  )
})

it('as numbers, changes with neither unit nor zero of the scale', () => {
  fc.assert(
    fc.property(someUnits, (units) => {
      const moved = units.map((unit) => unit.map((value) => 1e6 + 0.25 * value))
      const alpha = krippendorffAlpha(units, 'interval')
      if (alpha !== undefined) expect(krippendorffAlpha(moved, 'interval')).toBeCloseTo(alpha, 5)
    }),
  )
})

it('is nothing where there is nothing to agree about', () => {
  for (const units of [
    [],
    [[1], [2]],
    [
      [1, 1],
      [1, 1],
    ],
  ]) {
    for (const level of levels) expect(krippendorffAlpha(units, level)).toBeUndefined()
  }
})
