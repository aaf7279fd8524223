import type { ScoreMap } from './isotonic.ts'

/** A rater, and what is known of the quality of its ratings. */
export interface Rater {
  /** Id of the rater. */
  readonly id: string
  /** Whether the rater is a person. */
  readonly isPerson: boolean
  /**
   * Mean square of the error of its scores, once they are brought to what people say. `null` for a judge that is left out,
   * and for people where nobody knows how far they agree: then what they say counts as it is.
   */
  readonly errorVariance: number | null
  /** Brings its scores to what people say. */
  readonly map?: ScoreMap
}

/** What one rater says of one thing, from 0 to 1. */
export interface Rating {
  /** Id of the thing that is rated. */
  readonly unit: string
  /** Id of the rater. */
  readonly rater: string
  /** The score, from 0 to 1. */
  readonly score: number
}

/** One score for one thing, from what all its raters say. */
export interface CombinedScore {
  /** Id of the thing that is rated. */
  readonly unit: string
  /** The score, from 0 to 1. */
  readonly score: number
  /** Standard error of the score, if the errors of the raters are independent. `null` if these errors are not known. */
  readonly error: number | null
  /** The weight of each rater, by its id. The weights sum to 1. */
  readonly shares: { readonly [rater: string]: number }
}

/** No rater is taken for better than this. */
const leastVariance = 1e-3

/**
 * Combines ratings into one score for each thing. The score is the mean of the calibrated scores of the raters,
 * weighted by the inverse of their error variance. This is the best mean if errors are independent. Judges on one model
 * make the same errors, and together weigh too much.
 *
 * People whose agreement is not known take precedence over judges. If no rater has a known error, all have the same
 * weight.
 */
export function combineRatings(
  ratings: readonly Rating[],
  raters: readonly Rater[],
): CombinedScore[] {
  const known = new Map(raters.map((rater) => [rater.id, rater]))
  const units = new Map<string, { readonly rater: Rater; readonly score: number }[]>()
  for (const { unit, rater: id, score } of ratings) {
    const rater = known.get(id)
    if (!rater) continue
    const given = units.get(unit)
    if (given) given.push({ rater, score })
    else units.set(unit, [{ rater, score }])
  }
  return [...units].map(([unit, given]) => combined(unit, given))
}

function combined(
  unit: string,
  given: readonly { readonly rater: Rater; readonly score: number }[],
): CombinedScore {
  const { taken, isKnown } = takenFrom(given)
  const weighed = taken.map(({ rater, score }) => ({
    id: rater.id,
    weight: isKnown ? weightOf(rater) : 1,
    score: rater.map ? rater.map(score) : score,
  }))
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const shares = new Map<string, number>()
  let score = 0
  for (const { id, weight, score: own } of weighed) {
    score += (weight / total) * own
    shares.set(id, (shares.get(id) ?? 0) + weight / total)
  }
  return {
    unit,
    score: Math.min(1, Math.max(0, score)),
    error: isKnown ? Math.sqrt(1 / total) : null,
    shares: Object.fromEntries(shares),
  }
}

/** Whose scores count: all with a known error, or else the people, or else everyone. */
function takenFrom<One extends { readonly rater: Rater }>(
  given: readonly One[],
): { readonly taken: readonly One[]; readonly isKnown: boolean } {
  const people = given.filter(({ rater }) => rater.isPerson)
  if (people.some(({ rater }) => rater.errorVariance === null)) {
    return { taken: people, isKnown: false }
  }
  const known = given.filter(({ rater }) => rater.errorVariance !== null)
  return known.length > 0 ? { taken: known, isKnown: true } : { taken: given, isKnown: false }
}

function weightOf({ errorVariance }: Rater): number {
  return 1 / Math.max(errorVariance ?? 1, leastVariance)
}

/**
 * Returns how far people differ who rate the same things: the variance of the score of one person around the mean of
 * all, pooled over things that several people have rated. One difference of the size of chance is added, so that a few
 * equal ratings do not look like certainty.
 *
 * @returns `undefined` if fewer than five things were rated by several people.
 */
export function varianceOfPeople(units: readonly (readonly number[])[]): number | undefined {
  const several = units.filter((unit) => unit.length > 1)
  if (several.length < 5) return undefined
  const all = several.flat()
  let squares = squaresOf(all) / (all.length - 1)
  let degrees = 1
  for (const unit of several) {
    squares += squaresOf(unit)
    degrees += unit.length - 1
  }
  return squares / degrees
}

function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
}
