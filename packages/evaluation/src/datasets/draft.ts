import { type Json, valueHash } from '@trace2/core'
import type { Case, CaseFeedback, Split } from '@trace2/store'

/** A case as its source has it, before it has a place in a dataset. */
export interface Draft {
  /** What the agent is called with, by role, in order. */
  readonly inputs: Case['inputs']
  /** The output that the agent should give; `null` if it is not known. */
  readonly reference: Json
  /** What was said of the run that the draft comes from. */
  readonly feedback: readonly CaseFeedback[]
  /** The group that the source names; `null` if it names none. */
  readonly group: string | null
  /** The split that the source names; `null` if it names none. */
  readonly split: Split | null
  /** Session of the run; `null` if there is none. Cases of one session are in one group. */
  readonly session: string | null
  /** Id of the stored run that the draft comes from; `null` if there is none. */
  readonly run: string | null
  /** What else is known: columns of a file, tags of a run. */
  readonly metadata: Case['metadata']
}

/** A draft with inputs alone. */
export function draftOf(inputs: Case['inputs'], more: Partial<Draft> = {}): Draft {
  return {
    inputs,
    reference: null,
    feedback: [],
    group: null,
    split: null,
    session: null,
    run: null,
    metadata: {},
    ...more,
  }
}

/** Id of the case with these inputs: equal inputs are one case. */
export function caseId(inputs: Case['inputs']): string {
  return valueHash(inputs).slice(0, 16)
}
