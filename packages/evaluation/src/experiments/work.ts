import type { Candidate, Case } from '@trace2/store'
import { baseLast, type CaseGroup } from './order.ts'

/** A trial that is to be run. */
export interface WorkItem {
  /** Index of the group that it belongs to. */
  readonly group: number
  readonly case: Case
  readonly candidate: Candidate
  readonly repeat: number
}

/**
 * Trials in order: the sides of one case next to one another, so that what changes with time changes for all of them.
 *
 * @param baseFirst whether the base's trial always begins first; else it does half of the time.
 */
export function* workOf(
  groups: readonly CaseGroup[],
  candidates: readonly Candidate[],
  repeats: number,
  seed: number,
  baseFirst: boolean,
): Generator<WorkItem> {
  for (const [group, { cases }] of groups.entries()) {
    for (const one of cases) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const isLast = !baseFirst && baseLast(seed, one.id, repeat)
        const sides = isLast ? candidates.toReversed() : candidates
        for (const candidate of sides) yield { group, case: one, candidate, repeat }
      }
    }
  }
}
