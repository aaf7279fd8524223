import type { Json } from '@trace2/core'
import type { AskedInput, RecordedCall } from '../answering/index.ts'
import type { Difference } from './difference.ts'

/** Numbers of calls, by the name of the operator. */
export interface Counts {
  readonly [op: string]: number
}

/** What a replay did. The body of the run itself always runs, and is not counted. */
export interface ReplayReport {
  /** Number of calls that ran, by the name of the operator. */
  readonly executed: Counts
  /** Number of calls that the record answered, by the name of the operator. Calls inside of them are not counted. */
  readonly served: Counts
  /** Number of calls that a stub answered, by the name of the operator. */
  readonly stubbed: Counts
  /** Number of calls that ran and are not in the record, by the name of the operator. */
  readonly fresh: Counts
  /** Number of recorded calls that no call asked for, by the name of the operator. */
  readonly unused: Counts
  /** What the answered calls, and the calls inside of them, had used. */
  readonly saved: {
    /** Number of these calls. */
    readonly calls: number
    /** Input and output tokens of these calls. */
    readonly tokens: number
    /** Cost of these calls, in US dollars. `null` if no cost is known of any. */
    readonly costUsd: number | null
  }
  /**
   * Why calls ran although they are in the record, by the name of the operator. For example, the recorded output is not
   * whole, or a parameter inside the call has changed.
   */
  readonly reasons: { readonly [op: string]: string }
  /** Where and why the replay could not go on; `null` if it came to its end. */
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
  /** The recorded call of the operator that is most like it; `null` if there is none. */
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
