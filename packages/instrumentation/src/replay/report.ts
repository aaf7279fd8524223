import type { Json } from '@trace2/core'
import type { AskedInput, RecordedCall } from '../answering/index.ts'
import type { Difference } from './difference.ts'

/** Numbers of calls, by the name of the operator. */
export interface Counts {
  readonly [op: string]: number
}

/** What a replay did. The body of the run itself always runs, and is not counted. */
export interface ReplayReport {
  /** Calls that ran, by operator. */
  readonly executed: Counts
  /** Calls that the record answered, by operator; what was recorded inside of them was not asked for. */
  readonly served: Counts
  /** Calls that a stub answered, by operator. */
  readonly stubbed: Counts
  /** Of those that ran, by operator, calls that the record has not. */
  readonly fresh: Counts
  /** Recorded calls, by operator, that nothing asked for. */
  readonly unused: Counts
  /** What the answered calls, and those inside of them, had cost. */
  readonly saved: {
    /** Number of these calls. */
    readonly calls: number
    /** Input and output tokens of these calls. */
    readonly tokens: number
    /** Cost of these calls, in US dollars. `null` if no cost is known of any. */
    readonly costUsd: number | null
  }
  /** Why calls ran that are in the record, by operator: its output was not whole, a parameter inside it has changed. */
  readonly reasons: { readonly [op: string]: string }
  /** Where and why the replay could not go on; `null` where it came to its end. */
  readonly ended: ReplayEnd | null
}

/** Where a replay could not go on, and why. */
export interface ReplayEnd {
  /**
   * `diverged`: the agent came to a call that must not run and that the record has not. `not replayable`: the record
   * has the call, but not what is needed to answer it.
   */
  readonly kind: /** The agent came to a call that must not run and that the record has not. */
    | 'diverged'
    /** The record has the call, and not what is needed to answer it. */
    | 'not replayable'
  /** Why the replay ended, in a sentence or two. */
  readonly reason: string
  /** Name of the operator of the call. */
  readonly op: string
  /** The inputs of the call, by role. */
  readonly inputs: { readonly [role: string]: Json }
  /** The recorded call of the operator that is most like it. */
  readonly nearest: {
    readonly inputs: { readonly [role: string]: Json }
    readonly difference: Difference | null
  } | null
}

export function shownInputs(
  inputs: RecordedCall['inputs'] | readonly AskedInput[],
): ReplayEnd['inputs'] {
  return Object.fromEntries(inputs.map(({ role, shown }) => [role, shown]))
}

/** Counts by operator. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(op: string): void {
    this.#counts.set(op, (this.#counts.get(op) ?? 0) + 1)
  }

  toJSON(): Counts {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)))
  }
}
