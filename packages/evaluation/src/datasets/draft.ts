import { type Json, valueHash } from '@trace2/core'
import type { Case, CaseFeedback, Split } from '@trace2/store'

/** A case as its source has it, before it has a place in a dataset. */
export interface Draft {
  readonly inputs: Case['inputs']
  readonly reference: Json
  readonly feedback: readonly CaseFeedback[]
  /** The group that the source names. */
  readonly group: string | null
  /** The split that the source names. */
  readonly split: Split | null
  /** Session of its run: runs of one session belong together. */
  readonly session: string | null
  readonly run: string | null
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
