import type { CaseFeedback } from '@trace2/store'
import { type Random, seeded } from '../../numeric/index.ts'
import { wordsOf } from '../grouping/leaves.ts'
import { bandHashes, jaccard, shingles } from '../grouping/minhash.ts'
import type { RunDraft } from './drafts-of-runs.ts'

/**
 * How cases are chosen among runs: each with the same chance, or so that every kind of failure is there once before any
 * is there twice. A dataset of the second kind cannot show how often something happens.
 */
export type Sampling = 'uniform' | 'failures'

export interface SampleOptions {
  readonly size: number
  readonly sampling?: Sampling
  readonly seed?: number
}

export interface Sample {
  /** In the order of the runs. */
  readonly chosen: readonly RunDraft[]
  /** Kinds of runs that were told apart; `null` for a uniform sample. */
  readonly kinds: number | null
}

/** Chooses some of the runs; the same ones for the same seed. */
export function sampleDrafts(
  drafts: readonly RunDraft[],
  { size, sampling = 'uniform', seed = 1 }: SampleOptions,
): Sample {
  const random = seeded(seed)
  const shuffledDrafts = shuffled(drafts.keys(), random)
  if (sampling === 'uniform') return { chosen: inOrder(drafts, shuffledDrafts, size), kinds: null }
  const kinds = kindsOf(drafts)
  const members = new Map<number, number[]>()
  for (const at of shuffledDrafts) {
    const kind = kinds[at] ?? 0
    const known = members.get(kind)
    if (known) known.push(at)
    else members.set(kind, [at])
  }
  // Of kinds that are as common, the worse comes first.
  const strata = [...members.values()].sort(
    (a, b) => worst(drafts, a) - worst(drafts, b) || b.length - a.length,
  )
  return { chosen: inOrder(drafts, roundRobin(strata), size), kinds: strata.length }
}

function inOrder(
  drafts: readonly RunDraft[],
  order: readonly number[],
  size: number,
): readonly RunDraft[] {
  const chosen = order.slice(0, size).sort((a, b) => a - b)
  return chosen.flatMap((at) => drafts[at] ?? [])
}

/** Share of different words that comments of one kind have in common. */
const sameKind = 0.3
/** Two comments with so much in common agree in one of the bands with probability 0.95. */
const banding = { bands: 32, rows: 2 }

/** A number for each run: the same for runs with scores in one band of which the same was said, in like words. */
function kindsOf(drafts: readonly RunDraft[]): readonly number[] {
  const numbers = new Map<string, number>()
  const kinds: { readonly words: Uint32Array; readonly kind: number }[] = []
  const bands = new Map<string, (typeof kinds)[number]>()
  const numberOf = (key: string): number => {
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  }
  return drafts.map((draft) => {
    const base = `${scoreBand(draft)} ${labelsOf(draft.draft.feedback)}`
    const words = shingles(wordsOf(commentsOf(draft.draft.feedback)), 1, '')
    if (words.length === 0) return numberOf(base)
    const keys = bandHashes(words, banding).map((hash, band) => `${base} ${band}:${hash}`)
    const near = keys
      .flatMap((key) => bands.get(key) ?? [])
      .find((other) => jaccard(words, other.words) >= sameKind)
    const own = near ?? { words, kind: numberOf(`${base} ${numbers.size}`) }
    for (const key of keys) if (!bands.has(key)) bands.set(key, { words, kind: own.kind })
    return own.kind
  })
}

function scoreBand({ failed, score }: RunDraft): string {
  if (failed) return 'failed'
  if (score === null) return 'unscored'
  return score < 0.5 ? 'bad' : 'good'
}

function labelsOf(feedback: readonly CaseFeedback[]): string {
  const labels = feedback.flatMap(({ name, label }) => (label === null ? [] : [[name, label]]))
  return JSON.stringify(labels.map((pair) => JSON.stringify(pair)).sort())
}

function commentsOf(feedback: readonly CaseFeedback[]): string {
  return feedback.map(({ comment }) => comment ?? '').join('\n')
}

/** Failed runs first, then by their lowest score; runs without a score last. */
function worst(drafts: readonly RunDraft[], members: readonly number[]): number {
  return members.reduce((least, at) => {
    const draft = drafts[at]
    return Math.min(least, draft?.failed ? -1 : (draft?.score ?? 2))
  }, 2)
}

/** The first of each, the second of each, and so on; in time that grows with the members alone. */
function roundRobin(strata: readonly (readonly number[])[]): number[] {
  const order: number[] = []
  let left = strata
  for (let round = 0; left.length > 0; round++) {
    left = left.filter(({ length }) => length > round)
    for (const stratum of left) order.push(...stratum.slice(round, round + 1))
  }
  return order
}

/** Fisher and Yates. */
function shuffled(items: Iterable<number>, random: Random): number[] {
  const order = [...items]
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const [a = 0, b = 0] = [order[at], order[other]]
    order[at] = b
    order[other] = a
  }
  return order
}
