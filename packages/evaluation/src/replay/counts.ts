import type { Counts, ReplayReport } from '@trace2/instrumentation/replay'
import type { ReplayCounts, TrialOutcome } from '@trace2/store'

/** Makes the counts that a trial stores from the report of its replay. */
export function replayCounts(report: ReplayReport): ReplayCounts {
  const served: Record<string, number> = { ...report.served }
  for (const [op, count] of Object.entries(report.stubbed)) served[op] = (served[op] ?? 0) + count
  return {
    executed: report.executed,
    served,
    fresh: sumOf(report.fresh),
    unused: sumOf(report.unused),
    savedUsd: report.saved.costUsd,
  }
}

/** Returns the outcome of a trial whose replay could not continue, and `null` for one that came to its end. */
export function replayOutcome({ ended }: ReplayReport): TrialOutcome | null {
  return ended?.kind ?? null
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
