import { groupBy } from '@trace2/core'
import type { UnreachedReason } from '../backward/index.ts'
import type { Digest } from '../batch/index.ts'

/** A parameter that the feedback of at least one run did not reach, with the most frequent reason. */
export interface UnreachedParameter {
  /** Name of the parameter. */
  readonly name: string
  /** Number of runs that used the parameter and whose feedback did not reach it. */
  readonly runs: number
  /** Number of runs whose feedback reached it. */
  readonly reachedIn: number
  /** The most frequent reason. */
  readonly reason: UnreachedReason
  /** The reason, in a sentence. */
  readonly detail: string
}

/** Sums up, over a batch, which parameters were not reached where, least reached first. */
export function summarizeUnreached(
  runs: readonly Pick<Digest, 'reached' | 'unreached'>[],
): readonly UnreachedParameter[] {
  const reached = groupBy(
    runs.flatMap((run) => run.reached),
    ({ name }) => name,
  )
  const missed = groupBy(
    runs.flatMap(({ unreached }) => unreached),
    ({ name }) => name,
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
