import { raise } from '../../errors.ts'
import { isNoScore } from '../cases/outcome.ts'
import type { PairedCase, PairedValues } from '../cases/paired-case.ts'
import { checkOnScale, checkScale } from '../cases/scale.ts'
import { mean } from '../cases/units.ts'
import type { Guard } from './guard.ts'

/** How a guard reads a case: as one number, whose mean must not be above `allowed`. */
export interface Quantity {
  readonly of: string
  readonly allowed: number
  /** Bounds of the number; none where the guard is asymptotic. */
  readonly bounds: { readonly low: number; readonly high: number } | undefined
  /** @returns nothing where the case has no values on one of the sides. */
  read(paired: PairedCase): number | undefined
  /** The number as the report shows it. */
  shown(value: number): number
}

const asIs = (value: number): number => value

export function quantityOf(guard: Guard): Quantity {
  switch (guard.kind) {
    case 'errors':
      checkAllowance(guard.name, guard.mayRiseBy, guard.mayRiseBy >= 0 && guard.mayRiseBy < 1)
      return {
        of: 'candidate minus base, share of trials without a score',
        allowed: guard.mayRiseBy,
        bounds: { low: -1, high: 1 },
        read: ({ base, candidate }) => missingShare(candidate) - missingShare(base),
        shown: asIs,
      }
    case 'difference': {
      const { min, max } = guard.scale
      checkScale(guard.scale, `the guard ${JSON.stringify(guard.name)}`)
      checkAllowance(
        guard.name,
        guard.mayRiseBy,
        guard.mayRiseBy >= 0 && guard.mayRiseBy < max - min,
      )
      return {
        of: 'candidate minus base, mean',
        allowed: guard.mayRiseBy,
        bounds: { low: min - max, high: max - min },
        read: (paired) =>
          ifPaired(
            paired,
            guard,
            (value) => checkOnScale(value, guard.scale, namedIn(guard, paired)),
            (base, candidate) => candidate - base,
          ),
        shown: asIs,
      }
    }
    case 'ratio of means': {
      const { cap, atMostTimes } = guard
      checkScale({ min: 0, max: cap }, `the guard ${JSON.stringify(guard.name)}`)
      checkAllowance(
        guard.name,
        atMostTimes,
        atMostTimes >= 1 && atMostTimes < Number.POSITIVE_INFINITY,
      )
      return {
        of: `candidate minus ${atMostTimes} times base, mean`,
        allowed: 0,
        bounds: { low: -cap * atMostTimes, high: cap },
        read: (paired) =>
          ifPaired(
            paired,
            guard,
            (value) => checkOnScale(value, { min: 0, max: cap }, namedIn(guard, paired)),
            (base, candidate) => candidate - atMostTimes * base,
          ),
        shown: asIs,
      }
    }
    case 'typical ratio':
      checkAllowance(
        guard.name,
        guard.atMostTimes,
        guard.atMostTimes >= 1 && guard.atMostTimes < Number.POSITIVE_INFINITY,
      )
      return {
        of: 'candidate over base, geometric mean',
        allowed: Math.log(guard.atMostTimes),
        bounds: undefined,
        read: (paired) =>
          ifPaired(
            paired,
            guard,
            (value) => Math.log(positive(value, namedIn(guard, paired))),
            (base, candidate) => candidate - base,
          ),
        shown: Math.exp,
      }
  }
}

function checkAllowance(name: string, value: number, fits: boolean): void {
  if (fits) return
  throw raise(
    'T2_GATE_OPTIONS',
    `The guard ${JSON.stringify(name)} allows ${value}, which is not a rise that it can watch.`,
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
  combine: (base: number, candidate: number) => number,
): number | undefined {
  const values: PairedValues | undefined = guards?.[name]
  if (!values || values.base.length === 0 || values.candidate.length === 0) return undefined
  return combine(mean(values.base.map(read)), mean(values.candidate.map(read)))
}

function positive(value: unknown, of: string): number {
  if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return value
  throw raise('T2_SCORE_SCALE', `${of} is ${String(value)}; a ratio needs finite values above 0.`)
}

function namedIn({ name }: Guard, paired: PairedCase): string {
  return `${JSON.stringify(name)} of the case ${JSON.stringify(paired.case)}`
}
