import type { Feedback } from '@trace2/collector/store'
import type { Backward, UnreachedReason } from '../backward/index.ts'
import { groupBy } from '../group-by.ts'

/** A parameter that some run's feedback did not reach, with the reason that holds most often. */
export interface UnreachedParameter {
  readonly name: string
  /** How many of the runs that used it their feedback did not reach it in. */
  readonly runs: number
  /** How many it did reach it in. */
  readonly reachedIn: number
  readonly reason: UnreachedReason
  readonly detail: string
}

/** Sums up, over a batch, which parameters were not reached where, least reached first. */
export function summarizeUnreached(
  passes: readonly Backward<Feedback>[],
): readonly UnreachedParameter[] {
  const reached = groupBy(
    passes.flatMap((pass) => pass.reached),
    ({ parameter }) => parameter.name,
  )
  const missed = groupBy(
    passes.flatMap(({ unreached }) => unreached),
    ({ parameter }) => parameter.name,
  )
  return [...missed]
    .flatMap(([name, cases]) => {
      const byReason = groupBy(cases, ({ reason }) => reason)
      const most = [...byReason.values()].sort((a, b) => b.length - a.length)[0]?.[0]
      if (!most) return []
      return {
        name,
        runs: cases.length,
        reachedIn: reached.get(name)?.length ?? 0,
        reason: most.reason,
        detail: most.detail,
      }
    })
    .sort((a, b) => a.reachedIn - b.reachedIn || b.runs - a.runs)
}
