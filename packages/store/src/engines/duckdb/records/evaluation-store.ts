import type { EvaluationStore } from '../../../evaluation-store.ts'
import type { Database } from '../database.ts'
import { addDataset, readDataset, readDatasets, readDatasetVersions } from './datasets.ts'
import { putExperiment, readExperiment, readExperiments } from './experiments.ts'
import { addLooks, readLooks, settleLook } from './looks.ts'
import { findTrials, readTrials, type TrialWriter } from './trials.ts'
import { addVerdict, readVerdicts } from './verdicts.ts'

/** The part of the store that evaluations are kept in. */
export function evaluationStore(database: Database, trials: TrialWriter): EvaluationStore {
  return {
    addDataset: (dataset) => addDataset(database, dataset),
    datasets: () => readDatasets(database),
    datasetVersions: (name) => readDatasetVersions(database, name),
    dataset: (name, version) => readDataset(database, name, version),
    putExperiment: (experiment) => putExperiment(database, experiment),
    experiments: (filter) => readExperiments(database, filter),
    experiment: (id) => readExperiment(database, id),
    putTrials: (put) => trials.put(put),
    trials: (experiment) => readTrials(database, experiment),
    findTrials: (keys) => findTrials(database, keys),
    addLooks: (dataset, looks, known) => addLooks(database, dataset, looks, known),
    looks: (dataset) => readLooks(database, dataset),
    settleLook: (id, settled) => settleLook(database, id, settled),
    addVerdict: (verdict) => addVerdict(database, verdict),
    verdicts: (filter) => readVerdicts(database, filter),
  }
}
