import type { ReplayPolicies } from '@trace2/instrumentation/replay'
import type { Candidate, Case, Dataset, Split, Store, TrialMode } from '@trace2/store'
import { believedDeviation, casesNeeded } from '../gate/index.ts'
import { costOf } from '../llm/index.ts'
import { askedAnew, recordedRun, replayability } from '../replay/index.ts'
import { recordedCall } from '../single-call/index.ts'
import { changedParameters } from './candidate.ts'
import { casesOf } from './evaluate.ts'
import { type GateSettings, usualAlpha, usualWorth } from './gate-settings.ts'
import { groupsInOrder } from './order.ts'

/** What an experiment would do, before anything is paid for. */
export interface Preview {
  /** Number of cases. */
  readonly cases: number
  /** Number of groups of cases. */
  readonly groups: number
  /** Number of trials. */
  readonly trials: number
  /** How the trials run the agent. */
  readonly mode: TrialMode
  /** Numbers of cases, by how much of them the store can answer. Empty for live trials. */
  readonly extents: { readonly [extent in 'whole' | 'part' | 'none' | 'no run']?: number }
  /** What prevents calls from being answered. The most frequent is first. */
  readonly obstacles: readonly PreviewObstacle[]
  /**
   * Possible cost of all trials together, in US dollars, by what the recorded runs did. `null` if no cost is known of
   * any.
   */
  readonly costUsd: number | null
  /** Possible tokens of all trials together, by what the recorded runs did. */
  readonly tokens: number
  /**
   * Number of groups that are needed to show the smallest gain that is worth a change. It is assumed that scores are
   * right or wrong, and that the two sides have nothing in common.
   */
  readonly needed: number
  /** The smallest gain that is worth a change, in units of the score. */
  readonly worth: number
}

/** What prevents the calls of an operator from being answered. */
export interface PreviewObstacle {
  /** Name of the operator. */
  readonly op: string
  /** The reason, in half a sentence. */
  readonly reason: string
  /** Number of cases that it concerns. */
  readonly cases: number
  /** Whether a case with such a call compares nothing. */
  readonly isFatal: boolean
}

/** Options of {@link previewExperiment}. They mean what they mean for {@link evaluate}. */
export interface PreviewOptions {
  /** The store with the recorded runs. */
  readonly store: Store
  /** The dataset whose cases would be run. */
  readonly dataset: Dataset
  /** The part of the dataset that would be run. */
  readonly split: Split
  /** The values in force. */
  readonly base: Candidate
  /** The candidates. */
  readonly candidates: readonly Candidate[]
  /** How the trials would run the agent. */
  readonly mode: TrialMode
  /** What a replay does with the calls of each operator. */
  readonly policies?: ReplayPolicies
  /** Number of trials per candidate and case. Default 1. */
  readonly repeats?: number
  /** Limit of the cases. Default: all cases of the split. */
  readonly limit?: number
  /** Settings of the gate. */
  readonly gate?: GateSettings
}

/** Says what an experiment would do: which cases can be replayed, why the others cannot be, and the possible cost. */
export async function previewExperiment(options: PreviewOptions): Promise<Preview> {
  const { dataset, split, base, candidates, mode, repeats = 1, limit, gate = {} } = options
  const groups = groupsInOrder(casesOf(dataset, split), 1)
  const cases = groups.flatMap((group) => group.cases).slice(0, limit)
  const changed = changedParameters([base, ...candidates])
  const tally = new PreviewTally()
  for (const one of cases) tally.add(await lookAt(one, changed, options))
  const trials = cases.length * repeats * (candidates.length + 1)
  const { worth = usualWorth, alpha = usualAlpha } = gate
  return {
    cases: cases.length,
    groups: new Set(cases.map(({ group }) => group)).size,
    trials,
    mode,
    ...tally.read(repeats * (candidates.length + 1)),
    needed: casesNeeded({
      effect: worth,
      deviation: believedDeviation,
      alpha: alpha / candidates.length,
    }),
    worth,
  }
}

/** What is known of one case: cost and tokens of one trial of it. */
interface Looked {
  readonly extent?: 'whole' | 'part' | 'none' | 'no run'
  readonly obstacles: readonly Omit<PreviewObstacle, 'cases'>[]
  readonly costUsd: number | null
  readonly tokens: number
}

const unknown = { obstacles: [], costUsd: null, tokens: 0 }

async function lookAt(
  { run }: Case,
  changed: readonly string[],
  { store, mode, policies = {} }: PreviewOptions,
): Promise<Looked> {
  if (run === null) return { ...unknown, ...(mode === 'live' ? {} : { extent: 'no run' as const }) }
  if (mode === 'live') {
    const [summary] = await store.runs({ ids: [run], limit: 1 })
    if (!summary) return unknown
    const { costUsd, inputTokens, outputTokens } = summary
    return { obstacles: [], costUsd, tokens: inputTokens + outputTokens }
  }
  if (mode === 'single call') {
    const found = await recordedCall(store, run, changed)
    if ('call' in found) return { ...unknown, extent: 'whole' }
    const obstacle = { op: '', reason: found.fault, isFatal: true }
    return { ...unknown, extent: 'none', obstacles: [obstacle] }
  }
  const recorded = await recordedRun(store, run, {
    priceOf: ({ model, inputTokens, outputTokens }) => costOf(model, inputTokens, outputTokens),
  })
  const { extent, obstacles } = replayability(recorded, policies)
  // What depends on the change is asked anew; that anything after it changes too is not known beforehand.
  const anew = askedAnew(recorded, changed).calls.filter(
    ({ outcome }, index) => outcome.kind === 'lost' && index !== recorded.root,
  )
  const costs = anew.flatMap(({ costUsd }) => costUsd ?? [])
  return {
    extent,
    obstacles: obstacles.map(({ op, reason, isFatal }) => ({ op, reason, isFatal })),
    costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0),
    tokens: anew.reduce((sum, { tokens }) => sum + tokens, 0),
  }
}

class PreviewTally {
  readonly #extents: { [extent in NonNullable<Looked['extent']>]?: number } = {}
  readonly #obstacles = new Map<
    string,
    { -readonly [K in keyof PreviewObstacle]: PreviewObstacle[K] }
  >()
  #costUsd: number | null = null
  #tokens = 0

  add({ extent, obstacles, costUsd, tokens }: Looked): void {
    if (extent !== undefined) this.#extents[extent] = (this.#extents[extent] ?? 0) + 1
    if (costUsd !== null) this.#costUsd = (this.#costUsd ?? 0) + costUsd
    this.#tokens += tokens
    for (const obstacle of obstacles) {
      const key = JSON.stringify([obstacle.op, obstacle.reason])
      const known = this.#obstacles.get(key)
      if (known) known.cases++
      else this.#obstacles.set(key, { ...obstacle, cases: 1 })
    }
  }

  read(trialsPerCase: number): Pick<Preview, 'extents' | 'obstacles' | 'costUsd' | 'tokens'> {
    return {
      extents: this.#extents,
      obstacles: [...this.#obstacles.values()].sort((a, b) => b.cases - a.cases),
      costUsd: this.#costUsd === null ? null : this.#costUsd * trialsPerCase,
      tokens: this.#tokens * trialsPerCase,
    }
  }
}
