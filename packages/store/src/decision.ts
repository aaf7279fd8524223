import type { Proposal } from './proposal.ts'

/**
 * A decision about what a parameters file gives: proposals are accepted, or an acceptance is taken back. It is begun in the
 * store, the file is changed, and it is ended in the store. What is begun and not ended is found by whoever looks next.
 */
export interface NewDecision {
  /** Made by who decides, so that the same decision is never begun twice. */
  readonly id: string
  readonly action: 'accept' | 'rollback'
  /** Path of the file that is changed, without symbolic links. */
  readonly target: string
  /** Name of the machine that has the file. */
  readonly machine: string
  /** The reason, for later readers. */
  readonly note: string
  /** At least one, each of another parameter. */
  readonly changes: readonly NewChange[]
}

/** What a decision changes for one parameter. */
export interface NewChange {
  /** Name of the parameter. */
  readonly parameter: string
  /** The version that the file is to give; `null` if it is to give none, so that the value in the code is used. */
  readonly version: string | null
  /** The version in the file that gives way; `null` if the file gives none. */
  readonly replaces: string | null
  /** What a rollback would put back; see {@link Deployment.previousVersion}. */
  readonly previousVersion: string | null
  /** Id of the proposal that is accepted or taken back; `null` if there is none. */
  readonly proposal: string | null
  /** Id of the parameter's latest deployment as who decides knows it; `null` if none is known. */
  readonly after: string | null
}

/** A decision as the store keeps it. */
export interface Decision extends NewDecision {
  /** `begun` until the store knows what became of the file. */
  readonly state: 'begun' | 'ended'
  readonly changes: readonly Change[]
  /** When it was taken, as an ISO 8601 time. */
  readonly begunAt: string
}

/** A change of a decision that the store keeps. */
export interface Change extends NewChange {
  /** Id that the deployment has, or would have. */
  readonly deployment: string
  /** What the decision has changed of the proposal that it accepts, as it was before; `null` if it accepts none. */
  readonly earlier: Pick<Proposal, 'status' | 'note' | 'decidedAt' | 'target'> | null
}
