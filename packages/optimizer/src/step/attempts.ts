import type { Store } from '@trace2/collector/store'
import type { Json } from '@trace2/instrumentation/semconv'
import type { Digest } from '../batch/index.ts'
import { groupBy } from '../group-by.ts'
import type { Attempt, Variable } from '../prompt/index.ts'

/**
 * What was tried before: values of other versions that runs were made with, with the score these earned, and values that
 * were proposed and rejected. The best `limit` of the former and the latest of the latter.
 */
export async function earlierAttempts(
  store: Pick<Store, 'proposals'>,
  digests: readonly Digest[],
  variables: readonly Variable[],
  limit: number,
): Promise<readonly Attempt[]> {
  if (limit === 0) return []
  const present = new Map(variables.map(({ name, version }) => [name, version]))
  const tried = [...groupBy(digests, (run) => JSON.stringify(versionsIn(run, present)))]
    .filter(([key]) => key !== '[]')
    .map(([, runs]): Attempt => {
      const scores = runs.flatMap(({ score }) => score ?? [])
      const sum = scores.reduce((total, score) => total + score, 0)
      return {
        values: valuesIn(runs[0], present),
        score: scores.length === 0 ? null : sum / scores.length,
        runs: runs.length,
        note: '',
      }
    })
    .sort((a, b) => (b.score ?? Number.NEGATIVE_INFINITY) - (a.score ?? Number.NEGATIVE_INFINITY))
  const rejected = (await store.proposals({ status: 'rejected' })).filter(({ parameter }) =>
    present.has(parameter),
  )
  const steps = [...groupBy(rejected, ({ step }) => step).values()].map(
    (proposals): Attempt => ({
      values: new Map(proposals.map(({ parameter, value }) => [parameter, value])),
      score: null,
      runs: 0,
      note: `Proposed and rejected. ${proposals.map(({ note }) => note).join(' ')}`.trim(),
    }),
  )
  return [...tried.slice(0, limit), ...steps.slice(-limit)]
}

/** Names and versions of the variables that a run used in another version than the present one. */
function versionsIn({ reached }: Digest, present: ReadonlyMap<string, string>): [string, string][] {
  return reached
    .map(({ name, version }): [string, string] => [name, version])
    .filter(([name, version]) => present.has(name) && present.get(name) !== version)
    .sort()
}

function valuesIn(
  run: Digest | undefined,
  present: ReadonlyMap<string, string>,
): ReadonlyMap<string, Json> {
  const used = run?.reached ?? []
  return new Map(
    used
      .filter(({ name, version }) => present.has(name) && present.get(name) !== version)
      .map(({ name, value }) => [name, value]),
  )
}
