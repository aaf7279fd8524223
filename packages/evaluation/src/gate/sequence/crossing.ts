import { normalUpperQuantile, normalUpperTail } from '../../numeric/index.ts'

/**
 * Probability that Brownian motion with a drift, run for one unit of time, ever reaches a level above its start:
 * the reflection principle with drift (Karatzas and Shreve, Brownian Motion and Stochastic Calculus, section 3.5.C).
 */
export function crossingProbability(level: number, drift: number): number {
  if (level <= 0) return 1
  const reflected = normalUpperTail(level + drift)
  const echo = reflected === 0 ? 0 : Math.exp(2 * drift * level) * reflected
  return Math.min(normalUpperTail(level - drift) + echo, 1)
}

/** The level that Brownian motion without drift reaches within one unit of time with a probability. */
export function levelReachedWith(probability: number): number {
  return probability >= 1 ? 0 : normalUpperQuantile(probability / 2)
}
