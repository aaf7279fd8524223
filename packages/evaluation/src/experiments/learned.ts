import type { Case } from '@trace2/store'

/** Whether a case comes from a stored run that a candidate was learned from. */
export function isLearnedFrom(
  runs: ReadonlySet<string> = new Set(),
): (one: Pick<Case, 'run'>) => boolean {
  return ({ run }) => run !== null && runs.has(run)
}
