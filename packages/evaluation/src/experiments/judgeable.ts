import { counted } from '@trace2/core'
import { raise } from '../errors.ts'
import type { CaseGroup } from './order.ts'
import { isCorrected, lacksCorrection } from './pairs.ts'
import type { Scorer } from './scorer.ts'

/**
 * The cases of which the guides that count can say anything, in their groups: trials of the others would be paid for and
 * compare nothing.
 *
 * @throws T2_NO_REFERENCES where no case can be judged.
 */
export function judgeable(
  groups: readonly CaseGroup[],
  scorer: Scorer,
  metric: string,
): readonly CaseGroup[] {
  if (!scorer.needsReference(metric)) return groups
  const judged = groups.flatMap(({ group, cases }) => {
    const known = cases.filter(({ reference }) => reference !== null)
    return known.length === 0 ? [] : [{ group, cases: known }]
  })
  if (judged.length > 0) return judged
  const cases = groups.reduce((sum, each) => sum + each.cases.length, 0)
  throw raise(
    'T2_NO_REFERENCES',
    `None of ${counted(cases, 'case')} has a reference, and ${namesOf(scorer, metric)} cannot judge without one: nothing would be seen. Nothing was run.`,
  )
}

/**
 * Judgeable cases that are no choice by how the base did.
 *
 * @throws T2_NO_REFERENCES where no case can be judged, or where those that can be are what somebody corrected.
 */
export function fairlyJudgeable(
  groups: readonly CaseGroup[],
  scorer: Scorer,
  metric: string,
): readonly CaseGroup[] {
  const judged = judgeable(groups, scorer, metric)
  const all = groups.flatMap(({ cases }) => cases)
  const known = judged.flatMap(({ cases }) => cases)
  const isPart = known.length < all.length
  if (!isPart || !all.some(lacksCorrection) || !known.some(isCorrected)) return judged
  throw raise(
    'T2_NO_REFERENCES',
    `Of ${counted(all.length, 'case')} only ${known.length} can be judged by a reference, because somebody corrected the run there: where the base was wrong. Any change looks better there. Nothing was run.`,
  )
}

function namesOf({ guides }: Scorer, metric: string): string {
  return guides.includes(metric) ? `the guide ${metric}` : guides.join(', ')
}
