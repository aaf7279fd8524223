import type { Scale } from '../cases/paired-case.ts'

interface Named {
  readonly name: string
  /**
   * What a verdict `better` asks of this guard: that it is shown to be kept, or only that it is not shown to be broken.
   * By default `kept`; and `not broken` where no change at all is allowed, since equality cannot be shown, and as long as
   * neither side takes any of the quantity.
   */
  readonly needs?: 'kept' | 'not broken'
}

interface OnScale extends Named {
  readonly kind: 'difference'
  readonly scale: Scale
}

/** A quantity within declared bounds, less of it being better. */
export interface RiseGuard extends OnScale {
  /** How much the mean may rise. */
  readonly mayRiseBy: number
}

/** A quantity within declared bounds, more of it being better. */
export interface FallGuard extends OnScale {
  /** How much the mean may fall. */
  readonly mayFallBy: number
}

/**
 * A quantity of at least 0; its mean may become so many times the base's. This is the guard for money. With a `cap` (the
 * timeout, the budget of a trial) a value above it is an error. Without one, the base's mean says what is much: a case that
 * exceeds what is allowed by more than three of them leaves the guard open, as nobody knows how many more there are.
 */
export interface MeanRatioGuard extends Named {
  readonly kind: 'ratio of means'
  readonly cap?: number
  readonly atMostTimes: number
}

/**
 * A positive quantity, of which the typical case counts: the geometric mean of candidate over base, a case counting ten
 * times at most. It is blind to how bad the rare bad case is, which `ratio of means` is not.
 */
export interface TypicalRatioGuard extends Named {
  readonly kind: 'typical ratio'
  readonly atMostTimes: number
}

/** The share of trials without a score. Needs no values of its own. */
export interface ErrorsGuard extends Named {
  readonly kind: 'errors'
  /** How much the share may rise, from 0 to 1. */
  readonly mayRiseBy: number
}

/** What must not become worse. Each holds for every number of cases. */
export type Guard = RiseGuard | FallGuard | MeanRatioGuard | TypicalRatioGuard | ErrorsGuard

/** What is known about a guard. Limits and mean are of the quantity named by `of`; above `allowed` it is broken. */
export interface GuardReport {
  readonly name: string
  readonly standing: 'kept' | 'broken' | 'open'
  readonly needs: 'kept' | 'not broken'
  readonly of: string
  readonly allowed: number
  readonly lower: number
  readonly upper: number
  readonly mean: number
  readonly groups: number
  /** About how many further groups show it kept, if it goes on as it did; absent where nothing would. */
  readonly more: number | undefined
  /** Groups that took so much that the guard cannot be shown to be kept. */
  readonly beyond: number
  /** Cases that had values on both sides. */
  readonly cases: number
}
