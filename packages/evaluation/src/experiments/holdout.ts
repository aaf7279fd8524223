import type { Case, Dataset } from '@trace2/store'
import { freshGroups, takeLook } from '../gate/index.ts'
import { casesOf } from './evaluate.ts'
import { type GateSettings, gateOptions, metricName, usualAlpha } from './gate-settings.ts'
import { fairlyJudgeable } from './judgeable.ts'
import { lookBatches } from './look-batches.ts'
import type { History } from './look-history.ts'
import { ledgerOf } from './looks.ts'
import { type CaseGroup, groupsInOrder } from './order.ts'
import type { Scorer } from './scorer.ts'
import { planOf, unchosen, unshown, type VerdictPlan } from './verdict-plan.ts'

/** What a test of a candidate may read of the holdout. */
export interface Holdout {
  /** What each look opens. */
  readonly batches: readonly (readonly CaseGroup[])[]
  readonly plan: VerdictPlan
  /** Whether the test has read some of it before. */
  readonly isBegun: boolean
}

export interface HoldoutOptions {
  readonly dataset: Dataset
  readonly scorer: Scorer
  readonly settings: GateSettings
  readonly seed: number
  readonly perLook: number
  /** Whether the candidate was learned from a case. */
  readonly isLearned: (one: Case) => boolean
  /** What the error budget is spent on. */
  readonly test: string
}

/**
 * The groups that may decide on a candidate, look by look.
 *
 * @throws T2_DATASET_SPLIT, T2_HOLDOUT_CHOSEN, T2_NO_REFERENCES, T2_LEDGER_SPENT
 */
export function holdoutFor(
  { dataset, scorer, settings, seed, perLook, isLearned, test }: HoldoutOptions,
  { decisions, shown }: History,
): Holdout {
  const { groups, chosen } = unchosen(groupsInOrder(casesOf(dataset, 'holdout'), seed), isLearned)
  const ledger = ledgerOf(decisions, settings.alpha ?? usualAlpha)
  const own = ledger.looks
    .filter((look) => look.candidate === test && look.split === 'holdout')
    .map((look) => look.groups)
  const unseen = unshown(groups, shown, new Set(own.flat()))
  const judged = fairlyJudgeable(unseen, scorer, metricName(settings))
  const names = judged.map(({ group }) => group)
  const fresh = new Set(freshGroups(ledger, 'holdout', names))
  const batches = lookBatches(judged, { own, fresh, perLook })
  const ordered = batches.flat()
  const { worth } = gateOptions(settings, ordered.length)
  // The error that a first look would be allocated; nothing is written.
  const { allocation } = takeLook(ledger, { candidate: test, split: 'holdout', groups: names })
  const left = {
    chosen,
    shown: groups.length - unseen.length,
    unjudged: unseen.length - judged.length,
  }
  const plan = planOf(ordered, fresh.size, left, worth, allocation.alpha)
  return { batches, plan, isBegun: own.length > 0 }
}
