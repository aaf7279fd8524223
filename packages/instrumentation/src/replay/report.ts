import type { Json } from '@trace2/core'
import type { AskedInput, RecordedCall } from '../answering/index.ts'
import type { Difference } from './difference.ts'

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
    readonly calls: number
    readonly tokens: number
    /** `null` where no cost is known of any. */
    readonly costUsd: number | null
  }
  /** Why calls ran that are in the record, by operator: its output was not whole, a parameter inside it has changed. */
  readonly reasons: { readonly [op: string]: string }
  /** Where and why the replay could not go on; `null` where it came to its end. */
  readonly ended: ReplayEnd | null
}

export interface ReplayEnd {
  readonly kind: /** The agent came to a call that must not run and that the record has not. */
    | 'diverged'
    /** The record has the call, and not what is needed to answer it. */
    | 'not replayable'
  /** In a sentence or two. */
  readonly reason: string
  readonly op: string
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
