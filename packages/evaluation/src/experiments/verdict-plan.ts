import { counted } from '@trace2/core'
import { isChosenByOutcome } from '../datasets/index.ts'
import { raise } from '../errors.ts'
import { believedDeviation, casesNeeded } from '../gate/index.ts'
import { isLearnedFrom } from './learned.ts'
import type { CaseGroup } from './order.ts'

/** What deciding may take. */
export interface VerdictPlan {
  /** Groups and cases of the holdout, and how many groups no decision has read. */
  readonly groups: number
  readonly cases: number
  readonly fresh: number
  /** Groups that it takes to find what is worth it, if scores vary as right and wrong do on sides without anything in common. */
  readonly needed: number
  /** Error that the decision may make: what the budget grants it. */
  readonly alpha: number
  readonly worth: number
  /** Groups that were chosen by how the base did on them or that the candidate was learned from, and do not count. */
  readonly chosen: number
}

/**
 * @param fresh groups that no decision has read.
 * @param alpha error that the budget grants.
 */
export function planOf(
  groups: readonly CaseGroup[],
  fresh: number,
  chosen: number,
  worth: number,
  alpha: number,
): VerdictPlan {
  return {
    groups: groups.length,
    cases: groups.reduce((sum, { cases }) => sum + cases.length, 0),
    fresh,
    needed: casesNeeded({ effect: worth, deviation: believedDeviation, alpha }),
    alpha,
    worth,
    chosen,
  }
}

/**
 * Groups of which no case was chosen by how the base did on it, or is what the candidate was learned from.
 *
 * @throws T2_HOLDOUT_CHOSEN where there are none.
 */
export function unchosen(groups: readonly CaseGroup[], learnedFrom: ReadonlySet<string>) {
  const free = groups.filter(
    ({ cases }) => !cases.some(isChosenByOutcome) && !cases.some(isLearnedFrom(learnedFrom)),
  )
  const chosen = groups.length - free.length
  if (free.length === 0) {
    throw raise(
      'T2_HOLDOUT_CHOSEN',
      `All ${counted(chosen, 'group')} of the holdout hold cases that the candidate was learned from, or that were chosen by how the base did on them: any change looks better there.`,
    )
  }
  return { groups: free, chosen }
}
