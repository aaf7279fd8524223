import { counted } from '@trace2/core'
import { isChosenByOutcome } from '../datasets/index.ts'
import { raise } from '../errors.ts'
import { believedDeviation, casesNeeded, type GateOptions } from '../gate/index.ts'
import { canDecide, leastGroups } from './least-groups.ts'
import type { CaseGroup } from './order.ts'

/** What deciding may take. */
export interface VerdictPlan {
  /** Number of groups of the holdout. */
  readonly groups: number
  /** Number of cases of the holdout. */
  readonly cases: number
  /** Number of groups of the holdout that no decision has read. */
  readonly fresh: number
  /**
   * Number of groups that are needed to find a gain of `worth`. It is assumed that scores are right or wrong, and that
   * the two sides have nothing in common.
   */
  readonly needed: number
  /** Error probability that the budget grants to this decision. */
  readonly alpha: number
  /** The smallest gain that is worth a change, in units of the score. */
  readonly worth: number
  /**
   * Number of groups that do not count, because they were chosen by how the base did on them or because the candidate
   * was learned from them.
   */
  readonly chosen: number
  /** Number of groups that do not count, because an evaluation has shown their scores. */
  readonly shown: number
  /** Number of groups that the guides cannot judge, because they have no reference. */
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
