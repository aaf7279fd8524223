import { betterOfSeveral } from '../gate/index.ts'
import type { CandidateResult } from './summary.ts'

/** What several candidates, tried on the same cases, show together. */
export interface Several {
  /** Ids of the candidates whose mean score is higher than that of the base. */
  readonly better: readonly string[]
  /** Share of wrong ones among those that are to be expected at most. */
  readonly alpha: number
}

/** Which of several candidates have a higher mean score than the base; `undefined` where there is but one. */
export function severalOf(results: readonly CandidateResult[], alpha: number): Several | undefined {
  if (results.length < 2) return undefined
  const evidence = results.map(({ candidate, report }): [string, number] => [
    candidate.id,
    report.eValue,
  ])
  return { better: betterOfSeveral(new Map(evidence), alpha), alpha }
}
