import { type Json, valueHash } from '@trace2/core'
import type { Candidate, Dataset, Experiment, Split, Store } from '@trace2/store'
import type { TrialAgent } from '../agents/index.ts'
import type { Claims } from './claims.ts'
import { type ExperimentDesign, experimentId } from './identity.ts'
import type { Scorer } from './scorer.ts'

export interface OpenOptions {
  readonly store: Pick<Store, 'experiments' | 'putExperiment'>
  readonly dataset: Dataset
  readonly split: Split
  readonly candidates: readonly Candidate[]
  readonly agent: TrialAgent
  readonly scorer: Scorer
  readonly repeats: number
  readonly seed: number
  /** Begins an experiment anew, with new trials, where one of this design is there already. */
  readonly again: boolean
  /** So that nobody else runs the same experiment meanwhile. */
  readonly claims: Pick<Claims, 'take'>
  /** What else decides what comes out: the metric, and how a gate decides. */
  readonly measure: Json
}

export interface Opened {
  readonly experiment: Experiment
  readonly sample: number
  /** Whether it goes on with trials that are stored. */
  readonly resumed: boolean
}

/** Begins an experiment, or goes on with the one of the same design. */
export async function openExperiment(options: OpenOptions): Promise<Opened> {
  const opened = await findExperiment(options)
  await options.store.putExperiment(opened.experiment)
  return opened
}

/** The experiment that would begin or go on; nothing is written. */
export async function findExperiment(options: OpenOptions): Promise<Opened> {
  const { store, dataset, split, candidates, agent, scorer, repeats, seed, again } = options
  const { measure, claims } = options
  const design: ExperimentDesign = {
    dataset: dataset.name,
    datasetVersion: dataset.version,
    split,
    candidates,
    repeats,
    mode: agent.mode,
    agent: agent.description,
    agentHash: await agent.sourceHash(),
    guides: scorer.guides,
    guidesHash: valueHash({ guides: scorer.hash, measure }),
    seed,
  }
  const stored = await storedOf(store, dataset)
  let sample = 0
  while (stored.has(experimentId(design, sample))) sample++
  // The latest of this design, unless a new one is wanted.
  if (!again && sample > 0) sample--
  const id = experimentId(design, sample)
  // Of equal names in two stores hardly two were made at the same moment.
  await claims.take(`${dataset.name} ${dataset.createdAt} ${id}`)
  const known = (await storedOf(store, dataset)).get(id)
  const experiment: Experiment = {
    ...design,
    id,
    createdAt: known?.createdAt ?? new Date().toISOString(),
    endedAt: null,
    status: 'running',
    stoppedBecause: null,
    cases: known?.cases ?? [],
  }
  return { experiment, sample, resumed: known !== undefined }
}

async function storedOf(
  store: OpenOptions['store'],
  { name }: Dataset,
): Promise<ReadonlyMap<string, Experiment>> {
  return new Map((await store.experiments({ dataset: name })).map((one) => [one.id, one]))
}

/** Writes how an experiment ended. */
export async function closeExperiment(
  store: Pick<Store, 'putExperiment'>,
  experiment: Experiment,
  stopped: string | undefined,
): Promise<Experiment> {
  const closed: Experiment = {
    ...experiment,
    endedAt: new Date().toISOString(),
    status: stopped === undefined ? 'done' : 'stopped',
    stoppedBecause: stopped ?? null,
  }
  await store.putExperiment(closed)
  return closed
}

/** Writes that a failure ended an experiment, and passes the failure on. */
export async function closeFailed(
  store: Pick<Store, 'putExperiment'>,
  experiment: Experiment,
  error: unknown,
): Promise<never> {
  const why = error instanceof Error ? error.message : String(error)
  // What ended it may be the store; that is told, and not that this cannot be written either.
  await closeExperiment(store, experiment, why).catch(() => undefined)
  throw error
}
