import { groupBy, sha256 } from '@trace2/core'
import type { Case } from '@trace2/store'

/** Cases that a gate counts as one. */
export interface CaseGroup {
  readonly group: string
  readonly cases: readonly Case[]
}

/**
 * The groups of cases in an order that a seed decides and that has nothing to do with what the cases are like: an
 * experiment that ends early has tried a random share of them.
 */
export function groupsInOrder(cases: readonly Case[], seed: number): readonly CaseGroup[] {
  return [...groupBy(cases, ({ group }) => group)]
    .map(([group, members]) => ({ group, cases: members, at: sha256(`${seed} ${group}`) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ group, cases: members }) => ({ group, cases: members }))
}

/** Whether the base comes after the others in a trial: half of the time, so that no side is always first. */
export function baseLast(seed: number, caseId: string, repeat: number): boolean {
  return Number.parseInt(sha256(`${seed} ${caseId} ${repeat}`).slice(0, 2), 16) % 2 === 1
}
