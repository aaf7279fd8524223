import { valueHash } from '@trace2/core'
import type { Candidate, Case, Experiment } from '@trace2/store'
import { changedParameters, valuesOfSide } from './candidate.ts'

/** What makes an experiment the one that it is: the same again goes on with it. */
export type ExperimentDesign = Pick<
  Experiment,
  | 'dataset'
  | 'datasetVersion'
  | 'split'
  | 'candidates'
  | 'repeats'
  | 'mode'
  | 'agent'
  | 'agentHash'
  | 'guides'
  | 'guidesHash'
  | 'seed'
>

/** @param sample tells apart experiments of one design: the n-th that someone wants to see. */
export function experimentId(design: ExperimentDesign, sample: number): string {
  const { candidates, ...rest } = design
  const values = candidates.map((one) => versionsOf(valuesOfSide(candidates[0], one)))
  return `e-${valueHash({ ...rest, candidates: values, sample }).slice(0, 12)}`
}

/**
 * Hash of everything that a trial's output depends on, its sample among it. `null` where what the agent does is not known
 * by its source: nothing is taken from other experiments then.
 */
export function trialKey(
  design: Pick<ExperimentDesign, 'agent' | 'agentHash' | 'mode' | 'candidates'>,
  { inputs, run }: Case,
  candidate: Candidate,
  sample: number,
): string | null {
  const { agent, agentHash, mode, candidates } = design
  if (agentHash === null) return null
  // What a replay answers from depends on the stored run, and on which parameters are asked anew on all sides.
  const replayed = mode === 'live' ? null : { run, changed: changedParameters(candidates) }
  const values = valuesOfSide(candidates[0], candidate)
  return valueHash({ agent, agentHash, mode, replayed, inputs, values: versionsOf(values), sample })
}

export function trialId(
  experiment: string,
  candidate: string,
  caseId: string,
  repeat: number,
): string {
  return `t-${valueHash([experiment, candidate, caseId, repeat]).slice(0, 16)}`
}

function versionsOf(values: Candidate['values']): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(values).map(([name, { version }]) => [name, version]))
}
