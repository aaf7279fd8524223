import type { Feedback } from '@trace2/collector/store'
import { agnes } from 'ml-hclust'
import type { Backward } from '../backward/index.ts'
import { groupBy } from '../group-by.ts'
import { showValue } from '../text/show.ts'
import { distance, wordVectors } from './similarity.ts'

export type Pass = Backward<Feedback>

/** Which of many runs an optimizer is shown. */
export interface Sample {
  readonly passes: readonly Pass[]
  /** How many runs there were, and how many kinds of failure among them. */
  readonly of: number
  readonly kinds: number
}

/** One good run for so many failed ones, so that a prompt shows what must keep working. */
const failuresPerContrast = 3
/** Runs compared with each other at most: clustering is quadratic. */
const compared = 300
/** Mean cosine distance up to which failures are of one kind. */
const sameKind = 0.75

/**
 * Chooses runs so that each distinct kind of failure is there before any comes twice, with good runs between them as
 * contrast. Kinds are found by agglomerative clustering (average linkage, `ml-hclust`: it needs no number of
 * clusters beforehand and nothing random) over the words of feedback and output; of a kind, the run nearest to all
 * others comes first. The same runs in give the same out.
 */
export function sampleRuns(passes: readonly Pass[], size: number): Sample {
  const useful = passes.filter(({ reached }) => reached.length > 0)
  const isGood = goodness(useful)
  const failed = useful.filter((pass) => !isGood(pass))
  const good = useful.filter(isGood)
  const failures = clusters(failed)
  const chosen: Pass[] = []
  const contrast = roundRobin(clusters(good))
  const worst = roundRobin(failures)
  while (chosen.length < Math.min(size, useful.length)) {
    const turn = chosen.length % (failuresPerContrast + 1) === failuresPerContrast
    const next = (turn && contrast.shift()) || worst.shift() || contrast.shift()
    if (!next) break
    chosen.push(next)
  }
  return { passes: chosen, of: passes.length, kinds: failures.length }
}

/**
 * Tells good runs from failed ones: a mean score in the upper half of the range that scores lie in (at least 0 to 1).
 * Words without a score count as a wish for something better.
 */
function goodness(passes: readonly Pass[]): (pass: Pass) => boolean {
  const scores = passes.map(meanScore)
  const known = scores.filter((score) => score !== undefined)
  const low = known.reduce((least, score) => Math.min(least, score), 0)
  const high = known.reduce((most, score) => Math.max(most, score), 1)
  return (pass) => {
    const score = meanScore(pass)
    return score !== undefined && score > (low + high) / 2
  }
}

/** Mean of the scores on a run, or `undefined` where it has none. */
export function meanScore({ targets }: Pass): number | undefined {
  const scores = targets.flatMap(({ feedback }) => feedback.score ?? [])
  return scores.length === 0
    ? undefined
    : scores.reduce((sum, score) => sum + score, 0) / scores.length
}

/** Runs by kind, the largest kind first; of a kind, the most typical run first. */
function clusters(passes: readonly Pass[]): Pass[][] {
  if (passes.length === 0) return []
  // Runs of which the same was said in the same words are of one kind; only the first of each is compared.
  const alike = [...groupBy(passes, featuresOf)]
  const step = Math.max(1, alike.length / compared)
  const leaders = alike.filter(
    (_group, at) => Math.floor(at / step) !== Math.floor((at - 1) / step),
  )
  const vectors = wordVectors(leaders.map(([features]) => features))
  const distances = vectors.map((a) => vectors.map((b) => distance(a, b)))
  const found =
    leaders.length === 1
      ? [[0]]
      : agnes(distances, { method: 'average', isDistanceMatrix: true })
          .cut(sameKind)
          .map((cluster) => cluster.indices())
  const spread = (at: number, among: readonly number[]) =>
    among.reduce((sum, other) => sum + (distances[at]?.[other] ?? 0), 0)
  return (
    found
      .map((indices) =>
        indices
          .toSorted((a, b) => spread(a, indices) - spread(b, indices) || a - b)
          .map((at) => leaders[at]?.[1] ?? []),
      )
      .sort((a, b) => b.flat().length - a.flat().length)
      // First one run of each group of like runs, then the rest of them.
      .map((groups) => roundRobin(groups))
  )
}

function roundRobin(groups: readonly (readonly Pass[])[]): Pass[] {
  const longest = groups.reduce((most, group) => Math.max(most, group.length), 0)
  return Array.from({ length: longest }, (_, round) =>
    groups.flatMap((group) => group[round] ?? []),
  ).flat()
}

const outputLength = 600

/** What was said about a run, twice as important, and the beginning of what it was said about. */
function featuresOf({ graph, targets }: Pass): string {
  const said = targets
    .map(({ feedback }) => `${feedback.name} ${feedback.label ?? ''} ${feedback.comment ?? ''}`)
    .join('\n')
  const about = new Set(targets.map(({ node }) => node))
  const outputs = graph.nodes
    .filter(({ id }) => about.has(id))
    .map(({ value }) => showValue(value).slice(0, outputLength))
  return [said, said, ...outputs].join('\n')
}
