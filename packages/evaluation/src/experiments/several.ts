import type { Candidate } from '@trace2/store'
import { betterOfSeveral, type GateReport } from '../gate/index.ts'

/** What several candidates, tried on the same cases, show together. */
export interface SeveralCandidates {
  /** Ids of the candidates whose mean score is higher than that of the base. */
  readonly better: readonly string[]
  /** Share of wrong ones among those that are to be expected at most. */
  readonly alpha: number
}

interface Judged {
  readonly candidate: Candidate
  readonly report: GateReport
}

/** Which of several candidates have a higher mean score than the base; `undefined` where there is but one. */
export function severalOf(
  results: readonly Judged[],
  alpha: number,
): SeveralCandidates | undefined {
  if (results.length < 2) return undefined
  const evidence = results.map(({ candidate, report }): [string, number] => [
    candidate.id,
    report.eValue,
  ])
  return { better: betterOfSeveral(new Map(evidence), alpha), alpha }
}
