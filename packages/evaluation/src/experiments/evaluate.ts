import type { Candidate, Case, Dataset, Split, Store } from '@trace2/store'
import type { TrialAgent } from '../agents/index.ts'
import { raise } from '../errors.ts'
import type { ExperimentBudget } from './budget.ts'
import { Claims } from './claims.ts'
import {
  evaluationBasis,
  type GateSettings,
  gateOptions,
  metricName,
  usualAlpha,
} from './gate-settings.ts'
import { checkGuardNames } from './guard-settings.ts'
import { judgeable } from './judgeable.ts'
import { learnedCases } from './learned.ts'
import { lookForSelection } from './looks.ts'
import { closeExperiment, closeFailed, openExperiment } from './open.ts'
import { groupsInOrder } from './order.ts'
import { runTrials, type TrialsProgress } from './run-trials.ts'
import type { Scorer } from './scorer.ts'
import { checkSealedElsewhere } from './sealed-elsewhere.ts'
import { severalOf } from './several.ts'
import { candidateResult, type ExperimentResult } from './summary.ts'

/** What an experiment needs of a store. */
export type ExperimentStore = Pick<
  Store,
  | 'experiments'
  | 'putExperiment'
  | 'putTrials'
  | 'trials'
  | 'findTrials'
  | 'writeSpans'
  | 'looks'
  | 'addLooks'
  | 'settleLook'
  | 'datasets'
  | 'dataset'
  | 'runs'
  | 'sql'
>

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Keeps the trials and their results. */
  readonly store: ExperimentStore
  /** The dataset whose cases are run. */
  readonly dataset: Dataset
  /** The part of the dataset that is run. Default `validation`. */
  readonly split?: Split
  /**
   * Whether the scores of the holdout may be shown. Its cases decide nothing from then on, for any candidate. Default `false`.
   */
  readonly openHoldout?: boolean
  /** The values in force, with which candidates are compared; see `baseCandidate`. */
  readonly base: Candidate
  /** The candidates. Each must change a value. */
  readonly candidates: readonly Candidate[]
  /** Runs the agent on a case. */
  readonly agent: TrialAgent
  /** Scores the outputs with guides. */
  readonly scorer: Scorer
  /** Ids of stored runs that a candidate was learned from. A candidate looks better on their inputs than it is. */
  readonly learnedFrom?: ReadonlySet<string>
  /** Settings of the gate. */
  readonly gate?: GateSettings
  /** Number of trials per candidate and case. Default 1. */
  readonly repeats?: number
  /** Limit of the cases: a random share of the split. Default: all cases. */
  readonly limit?: number
  /** Decides the order of cases. Default 1. */
  readonly seed?: number
  /** Number of trials at the same time. Default 4. */
  readonly parallel?: number
  /** What the experiment may use. Default: no limit. */
  readonly budget?: ExperimentBudget
  /** Runs trials again that are stored. Otherwise the stored results are used and cost nothing. Default `false`. */
  readonly again?: boolean
  /** Stops the experiment: no further trial begins. Trials that run come to their ends. */
  readonly signal?: AbortSignal
  /**
   * Folder in which the answers of a trial's model calls are kept while it runs: a trial that was interrupted is given them
   * when it is run again. Default: they are not kept.
   */
  readonly answers?: string
  /** Time after which a guide is given up that has not answered, in milliseconds. Default 600,000. */
  readonly scoringLimitMs?: number
  /** Is called if the same experiment is running in another process. The call waits for that one. */
  readonly onWait?: () => void
  /** Is called as trials end. */
  readonly onProgress?: (progress: TrialsProgress) => void
}

/**
 * Runs the base and each candidate on the cases of a split, and compares them. The trials of one case run next to one
 * another. Each trial is stored when it ends. A call with the same options continues where an earlier one stopped, and
 * waits for one that is running on this machine.
 *
 * @throws `T2_DATASET_SPLIT` if the split has no cases; `T2_CANDIDATE` if a candidate changes nothing;
 * `T2_HOLDOUT_SEALED` if it would show scores of the holdout; `T2_NO_REFERENCES` if no case can be judged.
 */
export async function evaluate(options: EvaluateOptions): Promise<ExperimentResult> {
  const claims = new Claims(options)
  try {
    return await evaluated(options, claims)
  } finally {
    await claims.release()
  }
}

async function evaluated(options: EvaluateOptions, claims: Claims): Promise<ExperimentResult> {
  const { store, dataset, split = 'validation', base, candidates, agent, scorer } = options
  const { gate: settings = {}, repeats = 1, limit, seed = 1, parallel = 4 } = options
  checkCandidates(base, candidates)
  checkGuardNames(settings.guards, scorer.guides)
  const all = groupsInOrder(casesOf(dataset, split), seed)
  if (split === 'holdout' && !options.openHoldout) {
    throw raise(
      'T2_HOLDOUT_SEALED',
      'The holdout is what a verdict decides on: cases whose scores were shown decide nothing from then on, for any candidate.',
    )
  }
  const groups = limit === undefined ? all : firstCases(all, limit)
  if (!options.openHoldout) {
    await checkSealedElsewhere(
      store,
      dataset,
      groups.flatMap((group) => group.cases),
    )
  }
  judgeable(groups, scorer, metricName(settings))
  const { experiment, sample } = await openExperiment({
    store,
    dataset,
    split,
    candidates: [base, ...candidates],
    agent,
    scorer,
    repeats,
    seed,
    again: options.again ?? false,
    claims,
    measure: { metric: metricName(settings) },
  })
  const cases = new Map(groups.flatMap((group) => group.cases.map((one) => [one.id, one])))
  const begun = { ...experiment, cases: [...cases.keys()] }
  await store.putExperiment(begun)
  const groupNames = groups.map(({ group }) => group)
  const names = candidates.map(({ name }) => name).join(', ')
  const looked = { dataset, split, experiment: experiment.id, candidate: names, groups: groupNames }
  await lookForSelection(store, looked, settings.alpha ?? usualAlpha)
  const metric = metricName(settings)
  const { trials, stopped, spent, unused } = await runTrials({
    store,
    experiment: begun,
    groups,
    agent,
    scorer,
    metric,
    budget: options.budget ?? {},
    parallel,
    sample,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.answers === undefined ? {} : { answers: options.answers }),
    ...(options.scoringLimitMs === undefined ? {} : { scoringLimitMs: options.scoringLimitMs }),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  }).catch((error: unknown) => closeFailed(store, begun, error))
  const closed = await closeExperiment(store, begun, stopped)
  // Several candidates share one error budget.
  const whole = settings.alpha ?? usualAlpha
  const alpha = whole / candidates.length
  const isLearned = await learnedCases(store, options.learnedFrom)
  const learned = groups.some(({ cases: of }) => of.some(isLearned))
  const basis = learned ? 'chose the candidate' : evaluationBasis(split, candidates.length)
  const results = candidates.map((candidate) => {
    const gate = { ...gateOptions({ ...settings, alpha }, groups.length), basis }
    const unusedHere = unused.get(candidate.id)
    return candidateResult(candidate, trials, cases, { gate, mode: agent.mode, unused: unusedHere })
  })
  return {
    experiment: closed,
    metric,
    candidates: results,
    several: severalOf(results, whole),
    spent,
    stopped,
  }
}

/** @throws T2_DATASET_SPLIT where there are none. */
export function casesOf({ name, version, cases }: Dataset, split: Split): readonly Case[] {
  const own = cases.filter((one) => one.split === split)
  if (own.length > 0) return own
  const splits = [...new Set(cases.map((one) => one.split))].join(' and ')
  const has = cases.length === 0 ? 'It is empty.' : `All its cases are in ${splits}.`
  throw raise('T2_DATASET_SPLIT', `The dataset ${name}@${version} has no case for ${split}. ${has}`)
}

/** @throws T2_CANDIDATE */
export function checkCandidates(base: Candidate, candidates: readonly Candidate[]): void {
  if (candidates.length === 0) throw raise('T2_CANDIDATE', 'There is no candidate to try.')
  const seen = new Set<string>()
  for (const { id, name, values } of candidates) {
    const changes = Object.entries(values).some(
      ([parameter, { version }]) => base.values[parameter]?.version !== version,
    )
    if (!changes) {
      throw raise('T2_CANDIDATE', `${name} is what is in force already: there is nothing to try.`)
    }
    if (seen.has(id)) throw raise('T2_CANDIDATE', `${name} has the values of another candidate.`)
    seen.add(id)
  }
}

function firstCases(groups: ReturnType<typeof groupsInOrder>, limit: number) {
  let count = 0
  return groups.filter(({ cases }) => {
    const fits = count === 0 || count + cases.length <= limit
    if (fits) count += cases.length
    return fits
  })
}
