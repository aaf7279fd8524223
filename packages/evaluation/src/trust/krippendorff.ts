/** What a difference of two ratings means. */
export type Level =
  /** Categories without an order. */
  | 'nominal'
  /** Categories in an order, at unknown distances. */
  | 'ordinal'
  /** Numbers whose distances count. */
  | 'interval'

/** What was rated: all its ratings, by whomever. Categories are numbers, in their order where they have one. */
export type RatedUnit = readonly number[]

/** Disagreements of units, from which alpha is made for any choice of them. */
export interface Disagreements {
  /** Units with two ratings or more: the others say nothing about agreement. */
  readonly units: number
  /** Ratings in these units. */
  readonly ratings: number
  /**
   * Alpha over the units at some indexes, each as often as it is there. `opposed` adds so many units of average size whose
   * raters disagree twice as much as by chance, as they do where each of two takes another of two categories.
   *
   * @returns nothing where all ratings are the same: there is nothing to agree about.
   */
  alpha(indexes: readonly number[], opposed?: number): number | undefined
}

/**
 * Krippendorff's alpha: 1 where raters agree wholly, 0 where they agree as by chance, below it where less. Any number of
 * raters, of whom each may have left out any unit.
 *
 * Formulas of K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), with the pairs of a unit counted by
 * sums instead of a coincidence matrix. The ordinal difference of two categories is the one of their mean ranks, since
 * the sum in its definition, n_c/2 + … + n_k/2, is just that.
 *
 * @returns nothing where no unit has two ratings, or all ratings are the same.
 * @example krippendorffAlpha([[1, 1], [2, 2], [2, 3]], 'nominal')
 */
export function krippendorffAlpha(units: readonly RatedUnit[], level: Level): number | undefined {
  const disagreements = disagreementsOf(units, level)
  return disagreements.alpha(Array.from({ length: disagreements.units }, (_, at) => at))
}

export function disagreementsOf(all: readonly RatedUnit[], level: Level): Disagreements {
  const pairable = all.filter((unit) => unit.length > 1)
  const values = [...new Set(pairable.flat())].sort((a, b) => a - b)
  const place = new Map(values.map((value, at) => [value, at]))
  const units = pairable.map((unit) => tallied(unit.map((value) => place.get(value) ?? 0)))
  const ratings = units.reduce((sum, unit) => sum + unit.size, 0)
  const averageSize = ratings / Math.max(units.length, 1)
  const within = (positions: readonly number[]) =>
    units.map((unit) => differences(unit.counts, level, positions) / (unit.size - 1))
  // Only ordinal differences depend on how often each category is there.
  const settled = level === 'ordinal' ? undefined : within(values)
  return {
    units: units.length,
    ratings,
    alpha(indexes, opposed = 0) {
      const total = new Map<number, number>()
      let drawn = 0
      for (const index of indexes) {
        for (const [category, count] of units[index]?.counts ?? []) {
          total.set(category, (total.get(category) ?? 0) + count)
          drawn += count
        }
      }
      const positions = level === 'ordinal' ? meanRanks(values, total) : values
      const byChance = differences(total, level, positions) / (drawn - 1) / drawn
      if (!(byChance > 0)) return undefined
      const disagreed = settled ?? within(positions)
      const observed = indexes.reduce((sum, index) => sum + (disagreed[index] ?? 0), 0)
      const added = opposed * averageSize
      return 1 - (observed + 2 * added * byChance) / (drawn + added) / byChance
    },
  }
}

/** How many ratings fall into each category. */
type Counts = ReadonlyMap<number, number>

function tallied(categories: readonly number[]): {
  readonly size: number
  readonly counts: Counts
} {
  const counts = new Map<number, number>()
  for (const category of categories) counts.set(category, (counts.get(category) ?? 0) + 1)
  return { size: categories.length, counts }
}

/** Sum of the differences of all ordered pairs of ratings: 1 for unlike categories, or the squared distance. */
function differences(counts: Counts, level: Level, positions: readonly number[]): number {
  let [size, alike, sum, squares] = [0, 0, 0, 0]
  // Sums of squares lose digits far from zero.
  const center = positions[positions.length >> 1] ?? 0
  for (const [category, count] of counts) {
    const distance = (positions[category] ?? 0) - center
    size += count
    alike += count * count
    sum += count * distance
    squares += count * distance * distance
  }
  return level === 'nominal' ? size * size - alike : Math.max(0, 2 * (size * squares - sum * sum))
}

/** The mean rank of the ratings in each category. */
function meanRanks(categories: readonly number[], counts: Counts): number[] {
  let before = 0
  return categories.map((_, category) => {
    const count = counts.get(category) ?? 0
    const rank = before + count / 2
    before += count
    return rank
  })
}
