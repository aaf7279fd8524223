import type { Split } from '@trace2/store'
import type { Basis, GateOptions, Guard, MissingPolicy } from '../gate/index.ts'
import { type GuardSettings, guardsOf, usualGuards } from './guard-settings.ts'
import { meanScore } from './scorer.ts'

/** How a gate decides, as a configuration file says it. */
export interface GateSettings {
  /** Name of a guide, or `score`: the mean of all of them. Default `score`. */
  readonly metric?: string
  /** The least difference of the mean that is worth a change. Scores lie from 0 to 1. Default 0.05. */
  readonly worth?: number
  /** The number of groups of cases that can be afforded. Default: all that there are. */
  readonly affordable?: number
  /** Error allowed over all decisions on a dataset. Default 0.05. */
  readonly alpha?: number
  /** What must not get worse, by the name of a quantity or of a guide. Default: nothing. */
  readonly guards?: GuardSettings
  /** How a trial without a score counts. Default `worst score`. */
  readonly missing?: MissingPolicy
}

export const usualWorth = 0.05
export const usualAlpha = 0.05

export function metricName({ metric = meanScore }: GateSettings): string {
  return metric
}

/** Options of a gate on the scale of guides. `available` is how many groups there are. */
export function gateOptions(
  settings: GateSettings,
  available: number,
): GateOptions & { readonly guards: readonly Guard[] } {
  const { worth = usualWorth, affordable, alpha = usualAlpha, missing = 'worst score' } = settings
  return {
    scale: { min: 0, max: 1 },
    worth,
    affordable: Math.max(Math.min(affordable ?? available, Math.max(available, 1)), 1),
    alpha,
    missing,
    guards: guardsOf(settings.guards ?? usualGuards),
  }
}

/**
 * What the cases of an evaluation have to do with its candidates. Cases to learn from are what a proposal was made of, and of
 * several candidates one takes the best: either way a candidate looks better on them than it is.
 */
export function evaluationBasis(split: Split, candidates: number): Basis {
  return split === 'train' || candidates > 1 ? 'chose the candidate' : 'fresh'
}
