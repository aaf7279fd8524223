import { counted } from '@trace2/core'
import { isChosenByOutcome } from '../datasets/index.ts'
import { raise } from '../errors.ts'
import { believedDeviation, casesNeeded, type GateOptions } from '../gate/index.ts'
import { canDecide, leastGroups } from './least-groups.ts'
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
  /** Groups of which an evaluation has shown the scores: they do not count either. */
  readonly shown: number
  /** Groups of which the guides can say nothing, for want of a reference. */
  readonly unjudged: number
}

/**
 * @param fresh groups that no decision has read.
 * @param alpha error that the budget grants.
 */
export function planOf(
  groups: readonly CaseGroup[],
  fresh: number,
  left: Pick<VerdictPlan, 'chosen' | 'shown' | 'unjudged'>,
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
    ...left,
  }
}

/**
 * Groups of which no case was chosen by how the base did on it, or is what the candidate was learned from.
 *
 * @throws T2_HOLDOUT_CHOSEN where there are none.
 */
export function unchosen(
  groups: readonly CaseGroup[],
  isLearned: (one: CaseGroup['cases'][number]) => boolean,
) {
  const free = groups.filter(
    ({ cases }) => !cases.some(isChosenByOutcome) && !cases.some(isLearned),
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

/**
 * Groups of which no evaluation has shown the scores, and those that this test had read before.
 *
 * @throws T2_HOLDOUT_CHOSEN where there are none.
 */
export function unshown(
  groups: readonly CaseGroup[],
  shown: ReadonlySet<string>,
  own: ReadonlySet<string>,
): readonly CaseGroup[] {
  const free = groups.filter(({ group }) => own.has(group) || !shown.has(group))
  if (free.length > 0) return free
  throw raise(
    'T2_HOLDOUT_CHOSEN',
    `\`trace2 evaluate\` has shown the scores of all ${counted(groups.length, 'group')} that are left of the holdout: what is proposed or picked since then may have been chosen by them.`,
  )
}

/** @throws T2_HOLDOUT_SMALL where no result on the groups could be called `better`. */
export function checkSize({ groups, needed, worth }: VerdictPlan, gate: GateOptions): void {
  const usable = Math.min(groups, gate.affordable)
  if (canDecide(gate, usable)) return
  throw raise(
    'T2_HOLDOUT_SMALL',
    `There are ${counted(usable, 'group')} of cases to decide on. Even a candidate that is right on all of them, where the base is wrong, is shown to be better on ${leastGroups(gate)} or more; a gain of ${Math.round(worth * 100)} points may take ${needed}. Nothing was run.`,
  )
}
