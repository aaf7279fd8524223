import type { Json } from '@trace2/core'
import { groupBy } from '@trace2/core'
import type { Store } from '@trace2/store'
import type { Digest, Measures, UsedVersion } from '../batch/index.ts'
import type { Attempt, AttemptScore, Variable } from '../prompt/index.ts'

/**
 * What was tried before, with the scores that it earned per name of feedback: the `limit` best under the objective of the
 * other versions that runs were made with, and the present version among them; then the latest values that were proposed
 * and rejected.
 */
export async function earlierAttempts(
  store: Pick<Store, 'proposals'>,
  digests: readonly Digest[],
  variables: readonly Variable[],
  measures: Measures,
  limit: number,
): Promise<readonly Attempt[]> {
  if (limit === 0) return []
  const present = new Map(variables.map(({ name, version }) => [name, version]))
  const known = digests.filter(({ reached }) => reached.some(({ name }) => present.has(name)))
  const groups = groupBy(known, (run) => JSON.stringify(otherVersions(run, present)))
  const attempts = [...groups].map(([versions, runs]) => {
    const attempt = attemptOf(runs, present, measures)
    return versions === '[]' ? { ...attempt, present: true } : attempt
  })
  const inForce = attempts.find((attempt) => 'present' in attempt)
  const tried = attempts
    .filter((attempt) => attempt !== inForce)
    .sort(byScore)
    .slice(0, limit)
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
  return [...[...tried, ...(inForce ? [inForce] : [])].sort(byScore), ...steps.slice(-limit)]
}

/** The best first; what has no score under the objective is compared with nothing. */
function byScore(a: Attempt, b: Attempt): number {
  if (a.score === null || b.score === null)
    return Number(a.score === null) - Number(b.score === null)
  return b.score - a.score
}

function attemptOf(
  runs: readonly Digest[],
  present: ReadonlyMap<string, string>,
  { ranked: [objective], names }: Measures,
): Attempt {
  const byName = groupBy(
    runs.flatMap((run) => [...run.scores]),
    ([name]) => name,
  )
  // In the order of the names, so that it does not depend on that of the runs.
  const scores = [...names.keys()].flatMap((name): AttemptScore[] => {
    const own = byName.get(name)
    if (!own) return []
    return [
      { name, mean: own.reduce((sum, [, score]) => sum + score, 0) / own.length, runs: own.length },
    ]
  })
  return {
    values: valuesIn(runs, present),
    score: scores.find(({ name }) => name === objective)?.mean ?? null,
    scores,
    runs: runs.length,
    note: '',
  }
}

/** Names and versions of the variables that a run used in another version than the present one. */
function otherVersions(
  { reached }: Digest,
  present: ReadonlyMap<string, string>,
): [string, string][] {
  return reached
    .map(({ name, version }): [string, string] => [name, version])
    .filter(([name, version]) => present.has(name) && present.get(name) !== version)
    .sort()
}

/**
 * The value of every variable that one of the runs used, those that they share with the present too; of a variable that one
 * run used in both versions, the other one.
 */
function valuesIn(
  runs: readonly Digest[],
  present: ReadonlyMap<string, string>,
): ReadonlyMap<string, Json> {
  const used = runs.flatMap(({ reached }) => reached).filter(({ name }) => present.has(name))
  const isPresent = ({ name, version }: UsedVersion) => present.get(name) === version
  return new Map(
    [...used.filter(isPresent), ...used.filter((one) => !isPresent(one))].map(({ name, value }) => [
      name,
      value,
    ]),
  )
}
