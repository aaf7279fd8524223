import { normalUpperQuantile, studentUpperQuantile } from '../numeric/index.ts'
import type { PlanOptions } from './planning.ts'
import { Moments } from './sequence/moments.ts'

/**
 * Tells whether a one-sided paired t-test finds the mean above 0. It is here for comparison with a gate. It holds only
 * for a number of values that was fixed before, and only for one look.
 */
export function pairedTTest(differences: readonly number[], alpha = 0.05): boolean {
  const moments = new Moments()
  for (const difference of differences) moments.add(difference)
  const { count, mean, variance } = moments
  if (count < 2 || mean <= 0) return false
  return mean > studentUpperQuantile(alpha, count - 1) * Math.sqrt(variance / count)
}

/** Returns the number of groups that such a test would need. The difference to a gate is what a single look saves. */
export function casesOfFixedSample({
  effect,
  deviation,
  alpha = 0.05,
  power = 0.8,
}: PlanOptions): number {
  const quantiles = normalUpperQuantile(alpha) + normalUpperQuantile(1 - power)
  return Math.ceil(((quantiles * deviation) / effect) ** 2)
}
