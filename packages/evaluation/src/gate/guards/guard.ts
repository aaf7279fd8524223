import type { Scale } from '../cases/paired-case.ts'

interface Named {
  /** Name of the quantity. */
  readonly name: string
  /**
   * What a verdict `better` asks of this guard: that it is shown to be kept, or only that it is not shown to be broken.
   * Default `kept`. The default is `not broken` if no change at all is allowed, because equality cannot be shown, and
   * as long as neither side takes any of the quantity.
   */
  readonly needs?: 'kept' | 'not broken'
}

interface OnScale extends Named {
  readonly kind: 'difference'
  /** Bounds of the quantity. */
  readonly scale: Scale
}

/** A quantity within declared bounds that is better if it is lower. */
export interface RiseGuard extends OnScale {
  /** How much the mean may rise. */
  readonly mayRiseBy: number
}

/** A quantity within declared bounds that is better if it is higher. */
export interface FallGuard extends OnScale {
  /** How much the mean may fall. */
  readonly mayFallBy: number
}

/**
 * A quantity of at least 0 whose mean may be at most a multiple of the base's mean. This is the guard for money. With a
 * `cap` (the timeout or the budget of a trial), a value above it is an error. Without a cap, the scale is the base's
 * mean: the guard stays open if one case exceeds what is allowed by more than three such means, because nobody knows
 * how many more such cases there are.
 */
export interface MeanRatioGuard extends Named {
  readonly kind: 'ratio of means'
  /** The largest value that a trial can have, for example its budget. Default: no cap. */
  readonly cap?: number
  /** How many times the mean of the base the mean of the candidate may be. */
  readonly atMostTimes: number
}

/**
 * A positive quantity whose typical case counts: the geometric mean of candidate over base. A case counts as ten times
 * at most. This guard does not see how bad a rare bad case is; `ratio of means` does.
 */
export interface TypicalRatioGuard extends Named {
  readonly kind: 'typical ratio'
  /** How many times the base the candidate may take in a typical case. */
  readonly atMostTimes: number
}

/** The share of trials without a score. It needs no values of its own. */
export interface ErrorsGuard extends Named {
  readonly kind: 'errors'
  /** How much the share may rise, from 0 to 1. */
  readonly mayRiseBy: number
}

/** A quantity that must not become worse. Every guard holds for any number of cases. */
export type Guard = RiseGuard | FallGuard | MeanRatioGuard | TypicalRatioGuard | ErrorsGuard

/**
 * What is known about a guard. Limits and mean are of the quantity that `of` names. Above `allowed` the guard is
 * broken.
 */
export interface GuardReport {
  /** Name of the guard. */
  readonly name: string
  /** `kept` and `broken` are shown; `open` means that neither is. */
  readonly standing: 'kept' | 'broken' | 'open'
  /** What a verdict `better` asks of the guard. */
  readonly needs: 'kept' | 'not broken'
  /** What is measured, in words. */
  readonly of: string
  /** The largest value that is allowed. */
  readonly allowed: number
  /** Lower limit of the true mean. */
  readonly lower: number
  /** Upper limit of the true mean. */
  readonly upper: number
  /** Mean of the groups seen. */
  readonly mean: number
  /** Number of groups seen. */
  readonly groups: number
  /**
   * About how many further groups show that the guard is kept, if they are like the ones seen. `undefined` if no number
   * would.
   */
  readonly more: number | undefined
  /** Number of groups that took so much that the guard cannot be shown to be kept. */
  readonly beyond: number
  /** Number of cases that have values on both sides. */
  readonly cases: number
}
