import { raise } from '../errors.ts'
import type { Guard } from '../gate/index.ts'
import { guardValues } from './pairs.ts'

/** Guards as a configuration has them: how much each quantity may rise, such as `+10%`, or `+0.02` for the share of errors. */
export type GuardSettings = { readonly [name: string]: string }

/** Held where nobody says otherwise: no more trials without a score. */
export const usualGuards: GuardSettings = { errors: '+0' }

/** @throws T2_GATE_OPTIONS */
export function guardsOf(settings: GuardSettings): readonly Guard[] {
  return Object.entries(settings).map(([name, allowance]) => guardOf(name, allowance))
}

function guardOf(name: string, allowance: string): Guard {
  const number = /^\s*\+?\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(allowance)
  if (!number?.[1]) {
    throw refused(name, `${JSON.stringify(allowance)} is no rise; write +10% or, for errors, +0.02`)
  }
  const percent = number[2] === '%'
  const rise = Number(number[1]) / (percent ? 100 : 1)
  if (name === 'errors') return { kind: 'errors', name, mayRiseBy: rise }
  if (!Object.hasOwn(guardValues, name)) {
    const known = ['errors', ...Object.keys(guardValues)].join(', ')
    throw refused(name, `there is no such quantity; those that can be watched are ${known}`)
  }
  if (!percent && rise !== 0) throw refused(name, `its rise is a share; write +${allowance}%`)
  return { kind: 'typical ratio', name, atMostTimes: 1 + rise }
}

function refused(name: string, why: string) {
  return raise('T2_GATE_OPTIONS', `The guard ${JSON.stringify(name)} cannot be used: ${why}.`)
}
