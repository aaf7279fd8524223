import type { Store } from '@trace2/store'
import type { Draft } from '../draft.ts'
import { caseMetadata } from '../metadata.ts'
import {
  draftsOfRuns,
  type RunCases,
  type RunCasesOptions,
  type RunDraft,
} from './drafts-of-runs.ts'
import { type Sampling, sampleDrafts } from './sampling.ts'

export interface CasesOfRunsOptions extends RunCasesOptions {
  /** How many runs are chosen among those that can be cases. Default: all of them. */
  readonly sample?: number
  readonly sampling?: Sampling
  readonly seed?: number
}

/** Why cases were chosen, if this depends on the outcome of their runs. A gate cannot decide on such cases. */
export type ChosenBy = 'failures' | 'score' | 'hand'

export interface CasesOfRuns extends Omit<RunCases, 'drafts'> {
  readonly drafts: readonly Draft[]
  /** Runs that could be cases. */
  readonly usable: number
  readonly kinds: number | null
  readonly chosenBy: ChosenBy | null
  /** In words, for the origin of a dataset's version. */
  readonly origin: string
}

/** Makes drafts from stored runs: from all that a query finds, or from a sample of them. */
export async function casesOfRuns(
  store: Pick<Store, 'runs' | 'feedback' | 'sql'>,
  options: CasesOfRunsOptions = {},
): Promise<CasesOfRuns> {
  const { sample, sampling = 'uniform', seed = 1 } = options
  const { drafts, ...counts } = await draftsOfRuns(store, options)
  const { chosen, kinds } =
    sample === undefined
      ? { chosen: drafts, kinds: null }
      : sampleDrafts(drafts, { size: sample, sampling, seed })
  const chosenBy = chosenByOf(options)
  const mark = (draft: Draft): Draft =>
    chosenBy === null
      ? draft
      : { ...draft, metadata: { ...draft.metadata, [caseMetadata.chosenBy]: chosenBy } }
  return {
    ...counts,
    drafts: chosen.map(({ draft }: RunDraft) => mark(draft)),
    usable: drafts.length,
    kinds,
    chosenBy,
    origin: originOf(options, chosen.length, chosenBy),
  }
}

function chosenByOf({ query = {}, sample, sampling }: CasesOfRunsOptions): ChosenBy | null {
  if (sample !== undefined && sampling === 'failures') return 'failures'
  if (query.ids !== undefined) return 'hand'
  return query.where !== undefined && asksForScore(query.where) ? 'score' : null
}

/** Columns of `v_run`, and other views, that say how a run went. */
const outcomes =
  /\b(scores?|feedback|failed|errors?|status\w*|comment|label|normalized|v_feedback\w*|v_evaluation|output)\b/i

/** Whether a condition reads how runs went. Texts in it are not read, names in double quotes are. */
function asksForScore(where: string): boolean {
  return outcomes.test(where.replace(/'(?:[^']|'')*'/g, "''"))
}

function originOf(
  { query = {}, parameter, sample, sampling = 'uniform', seed = 1 }: CasesOfRunsOptions,
  chosen: number,
  chosenBy: ChosenBy | null,
): string {
  const how = sampling === 'failures' ? 'sampled so that kinds of failure are covered' : 'sampled'
  return [
    `${chosen} ${chosen === 1 ? 'run' : 'runs'}`,
    ...(query.ids === undefined ? [] : ['named one by one']),
    ...(query.since === undefined ? [] : [`since ${query.since}`]),
    ...(parameter === undefined ? [] : [`that used ${parameter}`]),
    ...(query.where === undefined ? [] : [`where ${query.where}`]),
    ...(sample === undefined ? [] : [`${how} (seed ${seed})`]),
    ...(chosenBy === 'score' ? ['chosen by how they went'] : []),
  ].join(', ')
}
