/** Which end of a scale is good. */
export type FeedbackDirection = 'higher' | 'lower'

/** The lowest and the highest score, or the categories from the worst to the best. */
export type FeedbackScale = readonly [min: number, max: number] | readonly string[]

/** What the scores or labels under one name of feedback mean. What is left out is learned from the data. */
export interface FeedbackDeclaration {
  /**
   * The lowest and the highest score, such as `[1, 5]`; or the labels, in order from the worst, such as `['bad',
   * 'fair', 'good']`.
   */
  readonly scale?: FeedbackScale | undefined
  /** Which end of the scale is good. `higher`: a higher score, or a later category, is better. Default `higher`. */
  readonly direction?: FeedbackDirection | undefined
  /**
   * How much the name counts beside other names, at least 0. The name with the largest weight is the objective; a name
   * with weight 0 never is. Default 1.
   */
  readonly weight?: number | undefined
}

/** Most categories that a scale may have, and the longest of them. */
const mostCategories = 100
const longestCategory = 200

/**
 * Reads a declaration that may be anything: what is sound of it, and what is wrong with the rest, in words. `undefined`
 * and `null` members count as left out.
 */
export function readFeedbackDeclaration(given: {
  readonly scale?: unknown
  readonly direction?: unknown
  readonly weight?: unknown
}): { readonly declaration: FeedbackDeclaration; readonly faults: readonly string[] } {
  const { scale, direction, weight } = given
  const faults: string[] = []
  const read = <T>(value: unknown, as: (value: unknown) => T | undefined, fault: string) => {
    if (value === undefined || value === null) return undefined
    const sound = as(value)
    if (sound === undefined) faults.push(fault)
    return sound
  }
  const soundScale = read(
    scale,
    toScale,
    'its scale is neither two finite numbers, the lower first, nor two or more different categories',
  )
  const soundDirection = read(direction, toDirection, 'its direction is neither higher nor lower')
  const soundWeight = read(weight, toWeight, 'its weight is no finite number of at least 0')
  return {
    declaration: {
      ...(soundScale === undefined ? {} : { scale: soundScale }),
      ...(soundDirection === undefined ? {} : { direction: soundDirection }),
      ...(soundWeight === undefined ? {} : { weight: soundWeight }),
    },
    faults,
  }
}

function toScale(value: unknown): FeedbackScale | undefined {
  if (!Array.isArray(value) || value.length < 2 || value.length > mostCategories) return undefined
  // A copy: the program may go on to change its own.
  const [low, high]: unknown[] = value
  if (typeof low === 'number' && typeof high === 'number' && value.length === 2) {
    return Number.isFinite(low) && Number.isFinite(high) && low < high ? [low, high] : undefined
  }
  const categories = value.filter((one) => typeof one === 'string')
  const sound =
    categories.length === value.length &&
    new Set(categories).size === categories.length &&
    categories.every((one) => one.trim() !== '' && one.length <= longestCategory)
  return sound ? categories : undefined
}

function toDirection(value: unknown): FeedbackDirection | undefined {
  return value === 'higher' || value === 'lower' ? value : undefined
}

function toWeight(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
