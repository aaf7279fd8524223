import { raise } from '../errors.ts'
import type { Guard } from '../gate/index.ts'
import { amountsOf } from './pairs.ts'

/**
 * Guards as a configuration has them: how much each quantity may rise, such as `+10%`, or `+0.02` for the share of
 * errors. Any other name is the name of a guide. `-0.05` lets the mean score of the guide fall by this much; `+0.05`
 * lets it rise, for a guide whose lower scores are better.
 */
export type GuardSettings = { readonly [name: string]: string }

/** Held where nobody says otherwise: no more trials without a score. */
export const usualGuards: GuardSettings = { errors: '+0' }

/** @throws T2_GATE_OPTIONS */
export function guardsOf(settings: GuardSettings): readonly Guard[] {
  return Object.entries(settings).map(([name, allowance]) => guardOf(name, allowance))
}

function guardOf(name: string, allowance: string): Guard {
  const found = /^\s*([+-]?)\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(allowance)
  if (!found?.[2]) {
    throw refused(name, `${JSON.stringify(allowance)} is no change; write +10%, +0.02 or -0.05`)
  }
  const [, sign, number, percent] = found
  const change = Number(number) / (percent ? 100 : 1)
  const isAmount = Object.hasOwn(amountsOf, name)
  if (name === 'errors' || isAmount) {
    if (sign === '-') throw refused(name, 'less of it is better: say how much it may rise')
  }
  if (name === 'errors') return { kind: 'errors', name, mayRiseBy: change }
  if (isAmount) {
    if (!percent && change !== 0) throw refused(name, `its rise is a share; write +${number}%`)
    // Money is paid in sum, so its mean counts. Of the times of trials, a slow one in a hundred is nobody's fault.
    const kind = name === 'latencyMs' ? 'typical ratio' : 'ratio of means'
    return { kind, name, atMostTimes: 1 + change }
  }
  if (percent || sign === '') {
    const known = ['errors', ...Object.keys(amountsOf)].join(', ')
    throw refused(
      name,
      `it is none of ${known}, and for the score of a guide write how much it may fall, as in -0.05, or rise, as in +0.05`,
    )
  }
  const scale = { min: 0, max: 1 }
  return sign === '-'
    ? { kind: 'difference', name, scale, mayFallBy: change }
    : { kind: 'difference', name, scale, mayRiseBy: change }
}

/**
 * Refuses guards on the score of a guide that there is not: what is never seen would guard nothing.
 *
 * @throws T2_GATE_OPTIONS
 */
export function checkGuardNames(settings: GuardSettings = {}, guides: readonly string[]): void {
  for (const name of Object.keys(settings)) {
    if (name === 'errors' || Object.hasOwn(amountsOf, name) || guides.includes(name)) continue
    const known = ['errors', ...Object.keys(amountsOf), ...guides].join(', ')
    throw refused(name, `no guide is called so; what can be guarded here is ${known}`)
  }
}

function refused(name: string, why: string) {
  return raise('T2_GATE_OPTIONS', `The guard ${JSON.stringify(name)} cannot be used: ${why}.`)
}
