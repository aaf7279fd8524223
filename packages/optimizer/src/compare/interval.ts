import { normalUpperQuantile, studentUpperQuantile } from '@trace2/evaluation/numeric'

/** How many scores there are, their mean, and the sum of their squared distances from it. All lie between 0 and 1. */
export interface Sample {
  readonly runs: number
  readonly mean: number
  readonly squares: number
}

/** A 95 % confidence interval. */
export interface Interval {
  /** Lower limit. */
  readonly low: number
  /** Upper limit. */
  readonly high: number
}

const confidence = 0.95
/** From so many degrees of freedom on, Student's distribution is the normal one to four digits. */
const manyDegrees = 10_000

/**
 * A 95 % confidence interval of the mean of scores between 0 and 1: the means for which the sample is no surprise under the
 * score test, |m − μ| ≤ q·√(φ·μ(1 − μ)/n).
 *
 * For scores of 0 and 1, φ is 1 and this is the interval of Wilson ("Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927; recommended by Brown, Cai and DasGupta, "Interval estimation for a binomial
 * proportion", Statistical Science 16, 2001). For others φ is the dispersion of the quasi-binomial model (Wedderburn,
 * "Quasi-likelihood functions", Biometrika 61, 1974): the share that their variance has of the largest possible one. One
 * observation of the largest variance is added to its estimate, so that a few equal scores are not taken for certainty, and
 * q is a quantile of Student's distribution, because φ is estimated. The interval lies within 0 to 1 and holds the mean.
 *
 * @returns `undefined` for no scores.
 */
export function meanInterval({ runs, mean, squares }: Sample): Interval | undefined {
  if (runs === 0) return undefined
  const largest = mean * (1 - mean)
  // The same sum for scores that are all 0 or 1 is the largest that there can be.
  const share = largest > 0 ? Math.min(1, squares / largest / runs) : 1
  const isBinary = share > 1 - 1e-9
  const dispersion = isBinary ? 1 : Math.min(1, share + 1 / runs)
  const isEstimated = dispersion < 1 && runs - 1 <= manyDegrees
  const q = isEstimated ? studentQuantile(runs - 1) : normalQuantile
  const spread = (q * q * dispersion) / runs
  const center = (mean + spread / 2) / (1 + spread)
  const half = Math.sqrt(mean * (1 - mean) * spread + (spread * spread) / 4) / (1 + spread)
  return {
    low: Math.max(0, Math.min(center - half, mean)),
    high: Math.min(1, Math.max(center + half, mean)),
  }
}

const beyond = (1 - confidence) / 2
const normalQuantile = normalUpperQuantile(beyond)

function studentQuantile(degrees: number): number {
  return studentUpperQuantile(beyond, degrees)
}
