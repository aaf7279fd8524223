import {
  ConfidenceSequence,
  Gate,
  type GateOptions,
  type GateReport,
  pairedTTest,
} from '../gate/index.ts'
import { seeded } from '../numeric/index.ts'
import type { Stream } from './streams.ts'

/** Runs of a gate on made-up scores. */
export interface Simulation {
  /** Gives the scores of each case. */
  readonly stream: Stream
  /** Number of runs. */
  readonly runs: number
  /** Number of cases in a run. */
  readonly length: number
  /** Seed of the scores. */
  readonly seed?: number
  /** Error probability of the gate. Default 0.05. */
  readonly alpha?: number
}

/**
 * After how many cases each run of a gate that is looked at after every case rejects "not better"; Infinity where it never
 * does. It is the gate's own test of its metric, without the rest of the report.
 *
 * @param horizon cases that are planned.
 */
export function casesUntilBetter(simulation: Simulation, horizon: number): readonly number[] {
  const { length, alpha = 0.05 } = simulation
  return differencesOf(simulation, (next) => {
    const test = { low: -1, high: 1, alphaLower: alpha, alphaUpper: alpha, horizon, critical: [0] }
    const sequence = new ConfidenceSequence(test)
    for (let count = 1; count <= length; count++) {
      sequence.add(next())
      if (sequence.lower >= 0) return count
    }
    return Number.POSITIVE_INFINITY
  })
}

/** Share of runs in which a paired t-test, looked at once after all cases, finds the candidate better. */
export function powerOfFixedSample(simulation: Simulation): number {
  const { length, alpha } = simulation
  const found = differencesOf(simulation, (next) =>
    pairedTTest(Array.from({ length }, next), alpha),
  )
  return shareOf(found, (better) => better)
}

/** Share of runs in which such a test finds it at any look, looked at after every case from the 20th on. */
export function falseAlarmsOfPeeking(simulation: Simulation): number {
  const { length, alpha } = simulation
  const found = differencesOf(simulation, (next) => {
    const seen: number[] = []
    while (seen.length < length) {
      seen.push(next())
      if (seen.length >= 20 && pairedTTest(seen, alpha)) return true
    }
    return false
  })
  return shareOf(found, (better) => better)
}

/**
 * Runs whole gates, each looked at after every so many cases and stopped when it advises so.
 *
 * @param toTheEnd whether a gate goes on until it has decided, whatever it advises.
 */
export function gateRuns(
  simulation: Simulation,
  options: Omit<GateOptions, 'scale'>,
  casesPerLook = 1,
  toTheEnd = false,
): readonly GateReport[] {
  const { stream, runs, length, seed = 1 } = simulation
  return Array.from({ length: runs }, (_, run) => {
    const random = seeded(seed * 1_000_003 + run)
    const gate = new Gate({ ...options, scale: { min: 0, max: 1 } })
    let report = gate.report
    const goesOn = () => report.advice === 'go on' || (toTheEnd && report.advice === 'stop')
    for (let count = 0; count < length && goesOn(); count += casesPerLook) {
      const cases = Array.from({ length: Math.min(casesPerLook, length - count) }, (_, index) => {
        const { base, candidate } = stream(random, count + index)
        return { case: String(count + index), base: [base], candidate: [candidate] }
      })
      report = gate.look(cases)
    }
    return report
  })
}

/** Share of the items of which a condition holds, from 0 to 1. */
export function shareOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.filter(holds).length / items.length
}

/** The least value that a share of the values does not exceed. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? Number.NaN
}

/** Does something with the differences of each run, drawn one by one. */
function differencesOf<Result>(
  { stream, runs, seed = 1 }: Simulation,
  run: (next: () => number) => Result,
): readonly Result[] {
  return Array.from({ length: runs }, (_, number) => {
    const random = seeded(seed * 1_000_003 + number)
    let count = 0
    return run(() => {
      const { base, candidate } = stream(random, count++)
      return candidate - base
    })
  })
}
