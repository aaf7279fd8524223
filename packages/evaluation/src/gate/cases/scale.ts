import { raise } from '../../errors.ts'
import type { Scale } from './paired-case.ts'

/** @throws T2_GATE_OPTIONS where the bounds are no bounds. */
export function checkScale(scale: Scale, of: string): void {
  if (Number.isFinite(scale.min) && Number.isFinite(scale.max) && scale.min < scale.max) return
  throw raise('T2_GATE_OPTIONS', `The scale of ${of} must have a finite min below a finite max.`)
}

/** What sums of decimals are off by, as a share of the scale: 0.1 + 0.2 lies above 0.3. */
const rounding = 1e-9

/**
 * @returns the value; the bound where only rounding lies beyond it.
 * @throws T2_SCORE_SCALE for what is no number on the scale.
 */
export function checkOnScale(value: unknown, { min, max }: Scale, of: string): number {
  const beyond = rounding * (max - min)
  if (typeof value === 'number' && value >= min - beyond && value <= max + beyond) {
    return Math.min(Math.max(value, min), max)
  }
  throw raise(
    'T2_SCORE_SCALE',
    `${of} is ${shown(value)}, which is not on the scale from ${min} to ${max}.`,
  )
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a ${value === null ? 'null' : typeof value}`
}
