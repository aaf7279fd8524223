import { seeded } from '../numeric/index.ts'
import type { Interval } from './interval.ts'
import { beyond } from './interval.ts'
import { disagreementsOf, type Level, type RatedUnit } from './krippendorff.ts'

/** What an alpha is good for, by the marks of Krippendorff: 0.8 for conclusions, 0.667 for tentative ones. */
export type AgreementWord = 'good' | 'tentative' | 'none' | 'unclear'

/** How far raters of the same things agree. */
export interface Agreement extends Interval {
  /** Krippendorff's alpha. */
  readonly alpha: number
  /** How differences between ratings count: as categories, ranks or numbers. */
  readonly level: Level
  /** Number of things that two or more raters have rated. */
  readonly units: number
  /** Number of ratings. */
  readonly ratings: number
  /**
   * `good` where even the low end of the interval is 0.8 or more, `tentative` where it is 0.667 or more, `none` where the
   * high end is below that, `unclear` where the interval is too wide to tell.
   */
  readonly word: AgreementWord
}

const good = 0.8
const tentative = 0.667
/** Resamples, and ratings that are drawn for all of them at most, as long as there are enough of them. */
const mostResamples = 1000
const fewestResamples = 200
const mostDraws = 5_000_000

/**
 * Returns Krippendorff's alpha with a 95 % interval, by a bootstrap over units (Zapf and others, "Measuring inter-rater
 * reliability for nominal data: which coefficients and confidence intervals are appropriate?", BMC Medical Research
 * Methodology 16, 2016). For the low end of the interval, one more unit is added on which raters disagree. Otherwise a
 * few units with full agreement would look like certainty.
 *
 * @returns `undefined` if no unit has two ratings, or if all ratings are the same.
 */
export function agreement(
  rated: readonly RatedUnit[],
  level: Level,
  seed = 1,
): Agreement | undefined {
  const disagreements = disagreementsOf(rated, level)
  const { units, ratings } = disagreements
  const alpha = disagreements.alpha(Array.from({ length: units }, (_, at) => at))
  if (alpha === undefined) return undefined
  const random = seeded(seed)
  const lows: number[] = []
  const highs: number[] = []
  const resamples = Math.max(
    fewestResamples,
    Math.min(mostResamples, Math.floor(mostDraws / ratings)),
  )
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = Array.from({ length: units }, () => Math.floor(random() * (units + 1)))
    const real = drawn.filter((index) => index < units)
    lows.push(disagreements.alpha(real, units - real.length) ?? alpha)
    const again = Array.from({ length: units }, () => Math.floor(random() * units))
    highs.push(disagreements.alpha(again) ?? alpha)
  }
  const low = Math.min(alpha, quantile(lows, beyond))
  const high = Math.max(alpha, quantile(highs, 1 - beyond))
  return { alpha, low, high, level, units, ratings, word: wordFor({ low, high }) }
}

function wordFor({ low, high }: Interval): AgreementWord {
  if (low >= good) return 'good'
  if (low >= tentative) return 'tentative'
  return high < tentative ? 'none' : 'unclear'
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
