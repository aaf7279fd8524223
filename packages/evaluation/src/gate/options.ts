import { raise } from '../errors.ts'
import type { Direction, MissingPolicy, Scale } from './cases/paired-case.ts'
import { checkScale } from './cases/scale.ts'
import type { Guard } from './guards/guard.ts'
import type { Basis } from './report.ts'

/** Options of a gate, which decides whether a candidate is better than the base. */
export interface GateOptions {
  /** Bounds of the scores: the ones that the guide declares, not the ones that were seen. */
  readonly scale: Scale
  /** Which scores are better: `higher` or `lower`. Default `higher`. */
  readonly better?: Direction
  /** The smallest difference of mean scores that is worth a change, in units of the score. */
  readonly worth: number
  /** The number of groups that can be afforded. A case that belongs to no other is a group by itself. */
  readonly affordable: number
  /**
   * Probability of a wrong `better`, and of a wrong `worse`, over all looks together. A ledger grants less. Above 0, at
   * most 0.5. Default 0.05.
   */
  readonly alpha?: number
  /**
   * The standard deviation of the groups' differences, if it is known. It affects power only. Default: √½ of the width
   * of the scale.
   */
  readonly deviation?: number
  /** Further conditions that a better candidate must keep, for example on cost. Default: none. */
  readonly guards?: readonly Guard[]
  /** How a trial without a score counts. Default `worst score`. */
  readonly missing?: MissingPolicy
  /** How the cases are related to the candidate. Default `fresh`. */
  readonly basis?: Basis
}

export type CheckedOptions = Required<Omit<GateOptions, 'deviation'>> & {
  readonly width: number
  readonly deviation: number
}

/**
 * The standard deviation of differences that is assumed before any is known, as a share of the scale. It is the one of
 * scores that are right or wrong, on two sides that have nothing in common, with a base that is right half of the time.
 * Few scores vary more.
 */
export const believedDeviation = Math.SQRT1_2

/** @throws T2_GATE_OPTIONS */
export function checkOptions(options: GateOptions): CheckedOptions {
  checkScale(options.scale, 'the scores')
  const width = options.scale.max - options.scale.min
  const checked = {
    alpha: 0.05,
    better: 'higher' as const,
    guards: [],
    missing: 'worst score' as const,
    basis: 'fresh' as const,
    ...options,
    width,
    deviation: options.deviation ?? believedDeviation * width,
  }
  const { alpha, better, missing, worth, affordable, guards, deviation } = checked
  demand(alpha > 0 && alpha <= 0.5, `alpha is ${alpha}; it must be above 0 and at most 0.5.`)
  demand(
    worth > 0 && worth < width,
    `worth is ${worth}; it must be above 0 and below the scale's width.`,
  )
  demand(
    Number.isInteger(affordable) && affordable > 0,
    `affordable is ${affordable}; it must be a number of groups.`,
  )
  demand(
    deviation > 0 && deviation <= width,
    `deviation is ${deviation}; it must be above 0 and within the scale's width.`,
  )
  demandOneOf('better', better, ['higher', 'lower'])
  demandOneOf('missing', missing, ['worst score', 'both ways'])
  demandOneOf('basis', checked.basis, ['fresh', 'reused', 'chose the candidate'])
  const names = new Set(guards.map(({ name }) => name))
  demand(names.size === guards.length, 'Two guards have the same name.')
  return checked
}

function demandOneOf<Value>(name: string, value: Value, known: readonly Value[]): void {
  demand(
    known.includes(value),
    `${name} is ${JSON.stringify(value)}; it must be one of ${known.join(', ')}.`,
  )
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw raise('T2_GATE_OPTIONS', message)
}
