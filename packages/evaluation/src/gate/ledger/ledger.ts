import type { Basis, Verdict } from '../report.ts'

/**
 * How an error budget was spent, as plain data that is stored beside the proposals. The probability that a campaign
 * accepts a candidate that is not better stays below the budget, for any number of proposals.
 */
export interface Ledger {
  /** The whole budget: the error allowed over all proposals. */
  readonly alpha: number
  /** What is left to spend. */
  readonly left: number
  readonly looks: readonly LedgerLook[]
}

/** One look at a split for a decision. */
export interface LedgerLook {
  readonly candidate: string
  readonly split: string
  /** The groups that this look reads and that no earlier look at this candidate had read. */
  readonly groups: readonly string[]
  /** Number of these groups that a decision on another candidate had read before. */
  readonly reused: number
  /** Error that the candidate's test may make. The same for all of its looks. */
  readonly alpha: number
  /** What this look took from the budget: nothing after a candidate's first, since its test holds at every look. */
  readonly spent: number
  /** What was earned by a verdict `better`. */
  readonly earned: number
  /** What was left after it. */
  readonly left: number
  readonly basis: Exclude<Basis, 'chose the candidate'>
  readonly verdict?: Verdict
}

/** The error that a look may make, and the groups that it reads. */
export interface AlphaAllocation {
  /** Probability of a false verdict `better` that the candidate's test may have, over all of its looks. */
  readonly alpha: number
  /** `reused` if another candidate's decision has read a group that this candidate's test reads; otherwise `fresh`. */
  readonly basis: LedgerLook['basis']
  /** Number of groups that no look had read. */
  readonly fresh: number
  /** Number of groups that another candidate's decision had read before. */
  readonly reused: number
}
