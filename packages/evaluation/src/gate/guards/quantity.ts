import { raise } from '../../errors.ts'
import { isNoScore } from '../cases/outcome.ts'
import type { PairedCase, PairedValues } from '../cases/paired-case.ts'
import { checkOnScale, checkScale } from '../cases/scale.ts'
import { mean } from '../cases/units.ts'
import type { FallGuard, Guard, MeanRatioGuard, RiseGuard, TypicalRatioGuard } from './guard.ts'

/** A case as a guard reads it. */
export interface Reading {
  /** The number whose mean must not be above `allowed`. */
  readonly value: number
  /** What it is measured in, where nobody has declared a scale; otherwise 1. */
  readonly unit: number
  /** Whether the guard is on an amount of which neither side took any. */
  readonly isNothing: boolean
}

export interface Quantity {
  readonly of: string
  readonly allowed: number
  /** Bounds of the number; or how many units of its own it counts at most, either way. */
  readonly bounds: { readonly low: number; readonly high: number } | { readonly reach: number }
  /** @returns nothing where the case has no values on one of the sides. */
  read(paired: PairedCase): Reading | undefined
  /** The number as the report shows it. */
  shown(value: number): number
}

/** Base means that a case may exceed what is allowed by, where no cap is declared. */
const reach = 3
/** Times that a case counts at most in a typical ratio. */
const mostTimes = 10

const asIs = (value: number): number => value

/** @throws T2_GATE_OPTIONS */
export function quantityOf(guard: Guard): Quantity {
  switch (guard.kind) {
    case 'errors':
      checkAllowance(guard.name, guard.mayRiseBy, guard.mayRiseBy >= 0 && guard.mayRiseBy < 1)
      return {
        of: 'candidate minus base, share of trials without a score',
        allowed: guard.mayRiseBy,
        bounds: { low: -1, high: 1 },
        read: ({ base, candidate }) => plain(missingShare(candidate) - missingShare(base)),
        shown: asIs,
      }
    case 'difference':
      return differenceOf(guard)
    case 'ratio of means':
      return ratioOfMeans(guard)
    case 'typical ratio':
      return typicalRatio(guard)
  }
}

function differenceOf(guard: RiseGuard | FallGuard): Quantity {
  const { name, scale } = guard
  const { min, max } = scale
  const [allowed, sign] = 'mayFallBy' in guard ? [guard.mayFallBy, -1] : [guard.mayRiseBy, 1]
  checkScale(scale, `the guard ${JSON.stringify(name)}`)
  checkAllowance(name, allowed, allowed >= 0 && allowed < max - min)
  return {
    of: sign < 0 ? 'base minus candidate, mean' : 'candidate minus base, mean',
    allowed,
    bounds: { low: min - max, high: max - min },
    read: (paired) =>
      ifPaired(
        paired,
        guard,
        (value) => checkOnScale(value, scale, namedIn(guard, paired)),
        (base, candidate) => plain(sign * (candidate - base)),
      ),
    shown: asIs,
  }
}

function ratioOfMeans(guard: MeanRatioGuard): Quantity {
  const { name, cap, atMostTimes } = guard
  checkTimes(name, atMostTimes)
  if (cap === undefined) {
    return {
      of: `mean of the candidate over mean of the base, a case counting at most ${reach} base means beyond what is allowed`,
      allowed: 0,
      bounds: { reach },
      read: (paired) =>
        ifPaired(
          paired,
          guard,
          (value) => notNegative(value, namedIn(guard, paired)),
          (base, candidate) => ({
            value: candidate - atMostTimes * base,
            unit: base,
            isNothing: base === 0 && candidate === 0,
          }),
        ),
      // In base means, what exceeds the allowed ratio.
      shown: (value) => Math.max(value + atMostTimes, 0),
    }
  }
  checkScale({ min: 0, max: cap }, `the guard ${JSON.stringify(name)}`)
  return {
    of: `candidate minus ${atMostTimes} times base, mean`,
    allowed: 0,
    bounds: { low: -cap * atMostTimes, high: cap },
    read: (paired) =>
      ifPaired(
        paired,
        guard,
        (value) => checkOnScale(value, { min: 0, max: cap }, namedIn(guard, paired)),
        (base, candidate) => ({
          value: candidate - atMostTimes * base,
          unit: 1,
          isNothing: base === 0 && candidate === 0,
        }),
      ),
    shown: asIs,
  }
}

function typicalRatio(guard: TypicalRatioGuard): Quantity {
  const { name, atMostTimes } = guard
  checkTimes(name, atMostTimes, mostTimes)
  const most = Math.log(mostTimes)
  return {
    of: `candidate over base, geometric mean, a case counting at most ${mostTimes} times`,
    allowed: Math.log(atMostTimes),
    bounds: { low: -most, high: most },
    read: (paired) =>
      ifPaired(
        paired,
        guard,
        (value) => Math.log(positive(value, namedIn(guard, paired))),
        (base, candidate) => plain(Math.min(Math.max(candidate - base, -most), most)),
      ),
    shown: Math.exp,
  }
}

function plain(value: number): Reading {
  return { value, unit: 1, isNothing: false }
}

function checkTimes(name: string, times: number, below = Number.POSITIVE_INFINITY): void {
  checkAllowance(name, times, times >= 1 && times < below)
}

function checkAllowance(name: string, value: number, fits: boolean): void {
  if (fits) return
  throw raise(
    'T2_GATE_OPTIONS',
    `The guard ${JSON.stringify(name)} allows ${value}, which is not a change that it can watch.`,
  )
}

function missingShare(trials: PairedCase['base']): number {
  return trials.filter(isNoScore).length / trials.length
}

/** Reads each value of both sides, averages the repeats of each, and combines them. */
function ifPaired(
  { guards }: PairedCase,
  { name }: Guard,
  read: (value: unknown) => number,
  combine: (base: number, candidate: number) => Reading,
): Reading | undefined {
  const values: PairedValues | undefined = guards?.[name]
  if (!values || values.base.length === 0 || values.candidate.length === 0) return undefined
  return combine(mean(values.base.map(read)), mean(values.candidate.map(read)))
}

function notNegative(value: unknown, of: string): number {
  if (typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY) return value
  throw raise('T2_SCORE_SCALE', `${of} is ${String(value)}; a mean needs finite values from 0.`)
}

function positive(value: unknown, of: string): number {
  if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw raise('T2_SCORE_SCALE', `${of} is ${String(value)}; a ratio needs finite values above 0.`)
}

function namedIn({ name }: Guard, paired: PairedCase): string {
  return `${JSON.stringify(name)} of the case ${JSON.stringify(paired.case)}`
}
