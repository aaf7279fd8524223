import { outcomeOf } from './cases/outcome.ts'
import type { PairedCase } from './cases/paired-case.ts'
import { unitsOf } from './cases/units.ts'
import { GuardWatch } from './guards/watch.ts'
import { judge } from './judgement.ts'
import { NoiseMeter } from './noise.ts'
import { type CheckedOptions, checkOptions, type GateOptions } from './options.ts'
import { casesNeeded } from './planning.ts'
import type { Basis, GateReport } from './report.ts'
import { ConfidenceSequence } from './sequence/confidence-sequence.ts'
import { Moments } from './sequence/moments.ts'
import { Tally } from './tally.ts'

/** Power at which the bets are planned: a little beyond the usual 80 %, for effects a little smaller than hoped. */
const plannedPower = 0.9
/** Means at which the metric's limits can lie: half a point of a scale. */
const resolution = 400

/**
 * Decides whether a candidate is better than the base, from paired cases as they arrive. Every report holds at every
 * look: one may look after each case, and stop at any time. The same cases give the same report. The cost of a case
 * does not depend on the number of cases before it.
 */
export class Gate {
  #options: CheckedOptions
  readonly #sequence: ConfidenceSequence
  readonly #guards: readonly GuardWatch[]
  readonly #tally = new Tally()
  readonly #noise = new NoiseMeter()
  readonly #moments = new Moments()
  /** Groups after which the bets are planned anew. */
  #nextPlan = 10

  /** @throws T2_GATE_OPTIONS */
  constructor(options: GateOptions) {
    const checked = checkOptions(options)
    const { alpha, worth, width, affordable, guards, deviation } = checked
    this.#options = checked
    this.#sequence = new ConfidenceSequence({
      low: -width,
      high: width,
      alphaLower: alpha,
      alphaUpper: alpha,
      horizon: this.#horizon,
      deviation,
      critical: [-worth, 0, worth],
      resolution,
    })
    // All guards must be kept for `better`, so each may err with alpha; any broken one is `worse`, so they share it.
    const errors = { kept: alpha, broken: alpha / Math.max(guards.length, 1) }
    this.#guards = guards.map((guard) => new GuardWatch(guard, errors, affordable))
  }

  /**
   * Takes in further cases. Within a look their order does not matter. What is not valid throws before anything is taken
   * in, so that a corrected look can follow.
   *
   * @param basis what these cases have to do with the candidate, where that is not what the gate was made with.
   * @throws T2_SCORE_SCALE, T2_SCORE_MISSING, T2_GATE_CASE
   */
  look(cases: readonly PairedCase[], basis: Basis = this.#options.basis): GateReport {
    const { scale, missing, better } = this.#options
    const outcomes = cases.map((paired) => outcomeOf(paired, scale, missing, better))
    this.#tally.check(outcomes)
    const units = unitsOf(outcomes)
    const guards = this.#guards.map((guard) => guard.read(cases))
    this.#tally.add(outcomes)
    this.#options = { ...this.#options, basis }
    const inOrder = outcomes.toSorted((a, b) => (a.case < b.case ? -1 : 1))
    for (const outcome of inOrder) this.#noise.add(outcome)
    for (const { atLeast, atMost } of units) {
      this.#sequence.add(atLeast, atMost)
      this.#moments.add((atLeast + atMost) / 2)
      if (this.#moments.count === this.#nextPlan) {
        this.#sequence.plan(this.#horizon)
        this.#nextPlan *= 2
      }
    }
    for (const take of guards) take()
    return this.report
  }

  /** Groups that the bets play for: what the least gain that is worth it takes, by what the deviation is known to be. */
  get #horizon(): number {
    const { alpha, worth, width, affordable, deviation } = this.#options
    const variance = this.#moments.varianceGiven(deviation ** 2)
    const plan = { effect: worth / width, deviation: Math.sqrt(variance) / width, alpha }
    return Math.min(affordable, casesNeeded({ ...plan, power: plannedPower }))
  }

  /** What the gate knows and says now. */
  get report(): GateReport {
    return judge({
      options: this.#options,
      sequence: this.#sequence,
      moments: this.#moments,
      guards: this.#guards.map(({ report }) => report),
      counts: this.#tally.counts,
      noise: this.#noise.measure(this.#options),
    })
  }
}

/** Returns the verdict on a complete list of cases: of a gate with a single look. */
export function decide(cases: readonly PairedCase[], options: GateOptions): GateReport {
  return new Gate(options).look(cases)
}
