import type { Guard } from '@trace2/evaluation/gate'
import { guardRuns, seeded, usageScenarios } from '@trace2/evaluation/simulation'
import { percent, table } from './gate-table.ts'

/** How often a guard is shown to be kept or broken by candidates that take more, in every case or in few. */
export function guards(runs: number): void {
  console.log('Guards, looked at every ten groups up to 150; a wrong one should be at most 5 %')
  const watching: readonly Guard[] = (['ratio of means', 'typical ratio'] as const).flatMap(
    (kind) => [1.1, 1.2].map((atMostTimes) => ({ kind, name: 'taken', atMostTimes })),
  )
  const rows = Object.entries(usageScenarios).map(([name, amounts]) => {
    const random = seeded(3)
    const pairs = Array.from({ length: 100_000 }, () => amounts(random))
    const sum = (value: (pair: (typeof pairs)[number]) => number) =>
      pairs.reduce((total, pair) => total + value(pair), 0)
    const ofMeans = sum(({ candidate }) => candidate) / sum(({ base }) => base)
    const typical = Math.exp(
      sum(({ base, candidate }) => Math.log(candidate / base)) / pairs.length,
    )
    const standings = watching.map((guard) => {
      const { kept, broken } = guardRuns(guard, amounts, { runs, length: 150 })
      return `${percent(kept)}, ${percent(broken)}`
    })
    return [name, ofMeans.toFixed(2), typical.toFixed(2), ...standings]
  })
  table(
    [
      'the candidate takes',
      'ratio of means',
      'geometric',
      ...watching.map((guard) =>
        'atMostTimes' in guard ? `${guard.kind} ${guard.atMostTimes}: kept, broken` : guard.kind,
      ),
    ],
    rows,
  )
}
