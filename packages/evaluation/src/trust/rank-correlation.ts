import { normalUpperQuantile } from '../numeric/index.ts'
import { beyond, type Interval } from './interval.ts'
import { ranksOf } from './ranks.ts'

/** Spearman's rank correlation, with a 95 % interval. */
export interface RankCorrelation extends Interval {
  /** Spearman's coefficient, from -1 to 1. */
  readonly value: number
  /** Number of pairs. */
  readonly pairs: number
}

/**
 * Spearman's rank correlation with a 95 % interval by Fisher's transformation, with the standard error of Bonett and Wright
 * ("Sample size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65, 2000).
 *
 * @returns nothing for fewer than five pairs, or where one side is the same throughout.
 */
export function rankCorrelation(
  left: readonly number[],
  right: readonly number[],
): RankCorrelation | undefined {
  const pairs = Math.min(left.length, right.length)
  if (pairs < 5) return undefined
  const value = correlation(ranksOf(left.slice(0, pairs)), ranksOf(right.slice(0, pairs)))
  if (value === undefined) return undefined
  const center = Math.atanh(Math.max(-0.999999, Math.min(0.999999, value)))
  const half = normalUpperQuantile(beyond) * Math.sqrt((1 + (value * value) / 2) / (pairs - 3))
  return { value, pairs, low: Math.tanh(center - half), high: Math.tanh(center + half) }
}

function correlation(left: readonly number[], right: readonly number[]): number | undefined {
  const mean = (left.length + 1) / 2
  let product = 0
  let leftSquares = 0
  let rightSquares = 0
  for (const [at, rank] of left.entries()) {
    const [a, b] = [rank - mean, (right[at] ?? 0) - mean]
    product += a * b
    leftSquares += a * a
    rightSquares += b * b
  }
  const scale = Math.sqrt(leftSquares * rightSquares)
  return scale === 0 ? undefined : product / scale
}
