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

/** Options of {@link casesOfRuns}. */
export interface CasesOfRunsOptions extends RunCasesOptions {
  /** Number of runs to choose among those that can be cases. Default: all of them. */
  readonly sample?: number
  /** How the runs are chosen. Default `uniform`. */
  readonly sampling?: Sampling
  /** Seed of the choice. Default 1. */
  readonly seed?: number
}

/** Why cases were chosen, if this depends on the outcome of their runs. A gate cannot decide on such cases. */
export type ChosenBy = 'failures' | 'score' | 'hand'

/** The result of {@link casesOfRuns}. */
export interface CasesOfRuns extends Omit<RunCases, 'drafts'> {
  /** A draft for each chosen run. */
  readonly drafts: readonly Draft[]
  /** Number of runs that can be cases. */
  readonly usable: number
  /** Number of kinds of failure among them; `null` if the choice did not ask for kinds. */
  readonly kinds: number | null
  /** Why these runs were chosen; `null` if the choice does not depend on how they went. */
  readonly chosenBy: ChosenBy | null
  /** Where the drafts come from, in words. It becomes the origin of the dataset's version. */
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
