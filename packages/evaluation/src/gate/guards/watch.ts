import type { PairedCase } from '../cases/paired-case.ts'
import { unitsOf, type Valued } from '../cases/units.ts'
import { casesNeeded, casesToGo } from '../planning.ts'
import { ConfidenceSequence } from '../sequence/confidence-sequence.ts'
import { Moments } from '../sequence/moments.ts'
import { SelfScaledSequence } from '../sequence/self-scaled-sequence.ts'
import { plannedShare } from '../sequence/wealth.ts'
import type { Guard, GuardReport } from './guard.ts'
import { type Quantity, quantityOf } from './quantity.ts'

interface Errors {
  /** Error of showing a guard kept that is not. */
  readonly kept: number
  /** Error of showing a guard broken that is not. */
  readonly broken: number
}

interface Sequence {
  add(value: number, unit: number): void
  readonly lower: number
  readonly upper: number
  readonly beyond: number
}

/** Follows one guard over the looks of a gate. */
export class GuardWatch {
  readonly #guard: Guard
  readonly #quantity: Quantity
  readonly #sequence: Sequence
  readonly #errors: Errors
  readonly #horizon: number
  readonly #values = new Moments()
  readonly #units = new Moments()
  #cases = 0
  /** Whether neither side has taken any of it, such as the tokens of an agent that asks no model: nothing says what is much. */
  #isNothing = true

  /** @throws T2_GATE_OPTIONS */
  constructor(guard: Guard, errors: Errors, horizon: number) {
    this.#guard = guard
    this.#errors = errors
    this.#horizon = horizon
    this.#quantity = quantityOf(guard)
    this.#sequence = sequenceOf(this.#quantity, errors, horizon)
  }

  /** @throws T2_SCORE_SCALE before anything has been taken in. */
  read(cases: readonly PairedCase[]): () => void {
    const readings = cases.flatMap((paired) => {
      const reading = this.#quantity.read(paired)
      return reading ? [{ ...reading, group: paired.group ?? paired.case }] : []
    })
    const values = unitsOf(readings.map(({ group, value }) => valued(group, value)))
    // In the same order, which is that of the groups' names.
    const units = unitsOf(readings.map(({ group, unit }) => valued(group, unit)))
    return () => {
      this.#cases += readings.length
      this.#isNothing &&= readings.every((reading) => reading.isNothing)
      for (const [index, { atLeast: value }] of values.entries()) {
        const unit = units[index]?.atLeast ?? 1
        this.#sequence.add(value, unit)
        this.#values.add(value)
        this.#units.add(unit)
      }
    }
  }

  get report(): GuardReport {
    const { allowed, of, shown } = this.#quantity
    const { lower, upper, beyond } = this.#sequence
    const isFree = this.#allowsNothing || (this.#isNothing && this.#cases > 0)
    const { name, needs = isFree ? 'not broken' : 'kept' } = this.#guard
    // A limit that lies at what is allowed has excluded it: a sequence's limits are means that are rejected.
    const isKept = upper <= allowed && beyond === 0
    const standing = lower >= allowed ? 'broken' : isKept ? 'kept' : 'open'
    return {
      name,
      standing,
      needs,
      of,
      allowed: shown(allowed),
      lower: shown(lower),
      upper: shown(upper),
      mean: shown(this.#mean),
      groups: this.#values.count,
      more: standing === 'open' && beyond === 0 ? this.#more : undefined,
      beyond,
      cases: this.#cases,
    }
  }

  get #mean(): number {
    return this.#values.mean / this.#unit
  }

  get #unit(): number {
    return this.#units.mean || 1
  }

  get #more(): number | undefined {
    const { allowed, bounds } = this.#quantity
    const { count, variance } = this.#values
    const room = allowed - this.#mean
    if (room <= 0 || count < 2) return undefined
    // The unit of a plan is half of what a difference ranges over.
    const half = 'reach' in bounds ? bounds.reach : (bounds.high - bounds.low) / 2
    const deviation = Math.sqrt(variance) / this.#unit
    const { kept: alpha } = this.#errors
    const plan = { effect: room / half, deviation: Math.max(deviation / half, 1e-6), alpha }
    const start = { progress: alpha * plannedShare, remaining: this.#horizon }
    return Math.max(casesNeeded(plan) - count, casesToGo(start, plan) - count, 1)
  }

  get #allowsNothing(): boolean {
    const guard = this.#guard
    if ('atMostTimes' in guard) return guard.atMostTimes === 1
    return ('mayFallBy' in guard ? guard.mayFallBy : guard.mayRiseBy) === 0
  }
}

function sequenceOf({ bounds, allowed }: Quantity, errors: Errors, horizon: number): Sequence {
  const both = { alphaLower: errors.broken, alphaUpper: errors.kept, horizon }
  if ('reach' in bounds) return new SelfScaledSequence({ ...both, ...bounds })
  const sequence = new ConfidenceSequence({
    ...both,
    ...bounds,
    critical: [allowed],
    resolution: 200,
  })
  return {
    add: (value) => sequence.add(value),
    get lower() {
      return sequence.lower
    },
    get upper() {
      return sequence.upper
    },
    beyond: 0,
  }
}

function valued(group: string, value: number): Valued {
  return { group, atLeast: value, atMost: value }
}
