import type { Scale } from '../cases/paired-case.ts'

interface Named {
  readonly name: string
  /**
   * What a verdict `better` asks of this guard: that it is shown to be kept, or only that it is not shown to be broken.
   * By default `kept`, and `not broken` where no rise at all is allowed, since equality cannot be shown.
   */
  readonly needs?: 'kept' | 'not broken'
}

/** A quantity within declared bounds, less of it being better; exact for every number of cases. */
export interface BoundedGuard extends Named {
  readonly kind: 'difference'
  readonly scale: Scale
  /** How much the mean may rise. */
  readonly mayRiseBy: number
}

/**
 * A quantity from 0 to a declared cap (the timeout, the budget of a trial); its mean may become so many times the base's.
 * Exact for every number of cases. A value above the cap is an error.
 */
export interface CappedRatioGuard extends Named {
  readonly kind: 'ratio of means'
  readonly cap: number
  readonly atMostTimes: number
}

/** A positive quantity without a cap. Watches the mean of log(candidate / base) by an asymptotic sequence. */
export interface LogRatioGuard extends Named {
  readonly kind: 'typical ratio'
  readonly atMostTimes: number
}

/** The share of trials without a score. Needs no values of its own; exact for every number of cases. */
export interface ErrorsGuard extends Named {
  readonly kind: 'errors'
  /** How much the share may rise, from 0 to 1. */
  readonly mayRiseBy: number
}

export type Guard = BoundedGuard | CappedRatioGuard | LogRatioGuard | ErrorsGuard

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
  /** `asymptotic`: holds for many cases; `exact`: for any number. */
  readonly guarantee: 'exact' | 'asymptotic'
  readonly groups: number
  /** About how many further groups show it kept, if it goes on as it did; absent where nothing would. */
  readonly more: number | undefined
  /** Cases that had values on both sides. */
  readonly cases: number
}
