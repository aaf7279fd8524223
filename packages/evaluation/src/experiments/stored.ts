import type { Dataset, Experiment, Store, StoredVerdict, Trial } from '@trace2/store'
import type { GateReport } from '../gate/index.ts'
import { Alarms } from './alarms.ts'
import { Spending } from './budget.ts'
import { changedParameters } from './candidate.ts'
import {
  evaluationBasis,
  type GateSettings,
  gateOptions,
  metricName,
  usualAlpha,
} from './gate-settings.ts'
import { severalOf } from './several.ts'
import { readReport } from './stored-report.ts'
import { candidateResult, type ExperimentResult } from './summary.ts'

/** The methods of a store that reading an experiment needs. */
export type ReadingStore = Pick<Store, 'dataset' | 'trials' | 'experiments' | 'verdicts'>

/** Reads a stored experiment. The result is as `evaluate` returned it. */
export async function readExperiment(
  store: Pick<ReadingStore, 'dataset' | 'trials'>,
  experiment: Experiment,
  settings: GateSettings = {},
): Promise<ExperimentResult> {
  const dataset = await store.dataset(experiment.dataset, experiment.datasetVersion)
  return resultOf(experiment, dataset, await store.trials(experiment.id), settings)
}

function resultOf(
  experiment: Experiment,
  dataset: Dataset,
  stored: readonly Trial[],
  settings: GateSettings,
): ExperimentResult {
  const [, ...candidates] = experiment.candidates
  const wanted = new Set(experiment.cases)
  const cases = new Map(
    dataset.cases.filter(({ id }) => wanted.has(id)).map((one) => [one.id, one]),
  )
  const trials = stored.filter(
    ({ outcome, case: of }) => outcome !== 'started' && outcome !== 'interrupted' && cases.has(of),
  )
  const spending = new Spending()
  const alarms = new Alarms(candidates, changedParameters(experiment.candidates))
  for (const trial of trials) {
    spending.add(trial)
    const candidate = candidates.find(({ id }) => id === trial.candidate)
    if (candidate) alarms.look(trial, candidate, false)
  }
  const unused = alarms.unused()
  const whole = settings.alpha ?? usualAlpha
  const alpha = whole / Math.max(candidates.length, 1)
  const basis = evaluationBasis(experiment.split, candidates.length)
  const groups = new Set([...cases.values()].map(({ group }) => group)).size
  const results = candidates.map((candidate) => {
    const gate = { ...gateOptions({ ...settings, alpha }, groups), basis }
    const { mode } = experiment
    const unusedHere = unused.get(candidate.id)
    return candidateResult(candidate, trials, cases, { gate, mode, unused: unusedHere })
  })
  return {
    experiment,
    metric: metricName(settings),
    candidates: results,
    several: severalOf(results, whole),
    spent: spending.total,
    stopped: experiment.stoppedBecause ?? undefined,
  }
}

/** What was found out about a proposal. */
export interface ProposalEvidence {
  /** The latest verdict on the proposal; `undefined` if there is none. */
  readonly verdict: StoredVerdict | undefined
  /** The report of that verdict. */
  readonly verdictReport: GateReport | undefined
  /** The experiment of that verdict; without a verdict, the latest experiment that tried the proposal. */
  readonly experiment: Experiment | undefined
}

/** Reads what experiments and verdicts say of a proposal. */
export async function evidenceFor(
  store: Pick<ReadingStore, 'experiments' | 'verdicts'>,
  proposal: string,
): Promise<ProposalEvidence> {
  const [verdict] = await store.verdicts({ proposal })
  const experiments = await store.experiments({ proposal })
  // The one that was decided on tells more than one that only selected.
  const decided = experiments.find(({ id }) => id === verdict?.experiment)
  const { report } = verdict ?? {}
  return {
    verdict,
    verdictReport: report === undefined ? undefined : readReport(report),
    experiment: decided ?? experiments[0],
  }
}
