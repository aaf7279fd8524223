import type { PairedCase } from '../cases/paired-case.ts'
import { unitsOf } from '../cases/units.ts'
import { casesNeeded, casesToGo } from '../planning.ts'
import { AsymptoticSequence, fewestValues } from '../sequence/asymptotic-sequence.ts'
import { ConfidenceSequence } from '../sequence/confidence-sequence.ts'
import { Moments } from '../sequence/moments.ts'
import { plannedShare } from '../sequence/wealth.ts'
import type { Guard, GuardReport } from './guard.ts'
import { type Quantity, quantityOf } from './quantity.ts'

interface Errors {
  /** Error of showing a guard kept that is not. */
  readonly kept: number
  /** Error of showing a guard broken that is not. */
  readonly broken: number
}

/** Follows one guard over the looks of a gate. */
export class GuardWatch {
  readonly #guard: Guard
  readonly #quantity: Quantity
  readonly #sequence: { add(value: number): void; readonly lower: number; readonly upper: number }
  readonly #errors: Errors
  readonly #horizon: number
  readonly #moments = new Moments()
  #cases = 0

  constructor(guard: Guard, errors: Errors, horizon: number) {
    this.#guard = guard
    this.#errors = errors
    this.#horizon = horizon
    this.#quantity = quantityOf(guard)
    const { bounds, allowed } = this.#quantity
    const both = { alphaLower: errors.broken, alphaUpper: errors.kept, horizon }
    this.#sequence = bounds
      ? new ConfidenceSequence({ ...both, ...bounds, critical: [allowed], resolution: 200 })
      : new AsymptoticSequence(both)
  }

  /** @throws T2_SCORE_SCALE before anything has been taken in. */
  read(cases: readonly PairedCase[]): () => void {
    const values = cases.flatMap((paired) => {
      const value = this.#quantity.read(paired)
      if (value === undefined) return []
      const group = paired.group ?? paired.case
      return [{ group, atLeast: value, atMost: value }]
    })
    return () => {
      this.#cases += values.length
      for (const { atLeast } of unitsOf(values)) {
        this.#sequence.add(atLeast)
        this.#moments.add(atLeast)
      }
    }
  }

  get report(): GuardReport {
    const { allowed, of, bounds, shown } = this.#quantity
    const { lower, upper } = this.#sequence
    const { name, needs = this.#allowsNothing ? 'not broken' : 'kept' } = this.#guard
    // A limit that lies at what is allowed has excluded it: a sequence's limits are means that are rejected.
    const standing = lower >= allowed ? 'broken' : upper <= allowed ? 'kept' : 'open'
    return {
      name,
      standing,
      needs,
      of,
      allowed: shown(allowed),
      lower: shown(lower),
      upper: shown(upper),
      mean: shown(this.#moments.mean),
      guarantee: bounds ? 'exact' : 'asymptotic',
      groups: this.#moments.count,
      more: standing === 'open' ? this.#more : undefined,
      cases: this.#cases,
    }
  }

  get #more(): number | undefined {
    const { allowed, bounds } = this.#quantity
    const { count, mean, variance } = this.#moments
    const room = allowed - mean
    if (room <= 0 || count < 2) return undefined
    const deviation = Math.sqrt(variance)
    // The unit of a plan is half of what a difference ranges over. Without bounds, the width of the asymptotic limits
    // at their horizon is about 3 deviations over the root of the count, and 0.84 more for a power of 80 %.
    const needed = bounds
      ? this.#neededExactly((bounds.high - bounds.low) / 2, room, deviation)
      : Math.max(Math.ceil(((3.84 * deviation) / room) ** 2), fewestValues)
    return Math.max(needed - count, 1)
  }

  #neededExactly(unit: number, room: number, deviation: number): number {
    const { kept: alpha } = this.#errors
    const plan = { effect: room / unit, deviation: Math.max(deviation / unit, 1e-6), alpha }
    const start = { progress: alpha * plannedShare, remaining: this.#horizon }
    return Math.max(casesNeeded(plan), casesToGo(start, plan))
  }

  get #allowsNothing(): boolean {
    const guard = this.#guard
    return 'atMostTimes' in guard ? guard.atMostTimes === 1 : guard.mayRiseBy === 0
  }
}
