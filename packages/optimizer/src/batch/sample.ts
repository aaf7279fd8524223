import { groupBy } from '@trace2/core'
import { agnes } from 'ml-hclust'
import type { Digest } from './digest.ts'
import { isGood } from './measures.ts'
import { representatives } from './representatives.ts'
import { wordVectors } from './similarity.ts'

/** Which of many runs an optimizer is shown. */
export interface Sample<D> {
  /** The runs that are shown. */
  readonly chosen: readonly D[]
  /** Number of runs from which these were chosen. */
  readonly of: number
  /** Number of kinds of failure among all runs. */
  readonly kinds: number
}

/** What a run is chosen by. */
type Judged = Pick<Digest, 'reached' | 'score' | 'features'>

/** One good run for so many failed ones, so that a prompt shows what must keep working. */
const failuresPerContrast = 3
/** Texts compared with each other at most, each standing for those near it: clustering is quadratic. */
const compared = 300
/** Mean cosine distance up to which failures are of one kind. */
const sameKind = 0.75

/**
 * Chooses runs so that each distinct kind of failure is there before any comes twice, with good runs between them as
 * contrast. Kinds are found by agglomerative clustering (average linkage, `ml-hclust`: it needs no number of
 * clusters beforehand and nothing random) over the words of the feedback, whatever name it has; of a kind, the run
 * nearest to all others comes first. A run is good whose score under the objective is in the better half of its scale, or
 * that has none under it, under the next name that counts; words without a score count as a request for something better. The
 * same runs in give the same out.
 */
export function sampleRuns<D extends Judged>(runs: readonly D[], size: number): Sample<D> {
  const useful = runs.filter(({ reached }) => reached.length > 0)
  const failed = useful.filter(({ score }) => !isGood(score ?? 0))
  const good = useful.filter(({ score }) => isGood(score ?? 0))
  const failures = clusters(failed)
  const chosen: D[] = []
  const contrast = roundRobin(clusters(good)).values()
  const worst = roundRobin(failures).values()
  while (chosen.length < Math.min(size, useful.length)) {
    const turn = chosen.length % (failuresPerContrast + 1) === failuresPerContrast
    const next =
      (turn ? contrast.next().value : undefined) ?? worst.next().value ?? contrast.next().value
    if (!next) break
    chosen.push(next)
  }
  return { chosen, of: runs.length, kinds: failures.length }
}

/** Runs by kind, the largest kind first; of a kind, the most typical run first. */
function clusters<D extends Judged>(runs: readonly D[]): D[][] {
  if (runs.length === 0) return []
  // Runs of which the same was said in the same words are of one kind.
  const alike = [...groupBy(runs, ({ features }) => features)]
  const vectors = wordVectors(alike.map(([features]) => features))
  const { chosen, nearest, distances } = representatives(vectors, compared)
  const near: D[][][] = chosen.map(() => [])
  for (const [at, [, group]] of alike.entries()) near[nearest[at] ?? 0]?.push(group)
  // The representative's own runs first, then, by turns, those that it stands for.
  const leaders = near.map((groups, at) => {
    const own = alike[chosen[at] ?? 0]?.[1] ?? []
    return [...own, ...roundRobin(groups.filter((group) => group !== own))]
  })
  const between = distances.map((own) => chosen.map((at) => own[at] ?? 0))
  const found =
    leaders.length === 1
      ? [[0]]
      : agnes(between, { method: 'average', isDistanceMatrix: true })
          .cut(sameKind)
          .map((cluster) => cluster.indices())
  const spread = (at: number, among: readonly number[]) =>
    among.reduce((sum, other) => sum + (between[at]?.[other] ?? 0), 0)
  return (
    found
      .map((indices) =>
        indices
          .toSorted((a, b) => spread(a, indices) - spread(b, indices) || a - b)
          .map((at) => leaders[at] ?? []),
      )
      .sort((a, b) => b.flat().length - a.flat().length)
      // First one run of each group of like runs, then the rest of them.
      .map((groups) => roundRobin(groups))
  )
}

function roundRobin<D>(groups: readonly (readonly D[])[]): D[] {
  const longest = groups.reduce((most, group) => Math.max(most, group.length), 0)
  return Array.from({ length: longest }, (_, round) =>
    groups.flatMap((group) => group[round] ?? []),
  ).flat()
}
