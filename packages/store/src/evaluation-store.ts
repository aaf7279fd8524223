import type {
  Dataset,
  DatasetVersion,
  Experiment,
  Look,
  NewDataset,
  StoredVerdict,
  Trial,
} from './evaluation.ts'

/** What a store of runs keeps of evaluations: a part of `Store`. */
export interface EvaluationStore {
  /**
   * Adds the next version of a dataset. Where the latest version has the same cases, in whatever order, that one is
   * returned and nothing is added. Rejects with `T2_DATASET_NAME` or `T2_DATASET_CASE`.
   */
  addDataset(dataset: NewDataset): Promise<DatasetVersion>
  /** The latest version of each dataset, by name. */
  datasets(): Promise<DatasetVersion[]>
  /** All versions of a dataset, oldest first. Rejects with `T2_DATASET_UNKNOWN`. */
  datasetVersions(name: string): Promise<DatasetVersion[]>
  /** A version of a dataset with its cases; default is the latest. Rejects with `T2_DATASET_UNKNOWN`. */
  dataset(name: string, version?: number): Promise<Dataset>

  /** Writes an experiment, or replaces the one with its id. */
  putExperiment(experiment: Experiment): Promise<void>
  /** Experiments, the latest first. The filter keeps those that meet all its conditions. */
  experiments(filter?: ExperimentFilter): Promise<Experiment[]>
  /** Finds an experiment by its id or a unique prefix of it. Rejects with `T2_EXPERIMENT_UNKNOWN`. */
  experiment(id: string): Promise<Experiment>

  /**
   * Writes trials, or replaces those with their ids, all or none. From then on the runs of their traces are hidden from
   * queries that do not ask for them.
   */
  putTrials(trials: readonly Trial[]): Promise<void>
  /** Trials of an experiment in the order in which they started. */
  trials(experiment: string): Promise<Trial[]>
  /**
   * Finds trials of any experiment by their keys. Only trials that are `done` are returned: for each key and repeat the
   * latest.
   */
  findTrials(keys: readonly string[]): Promise<Trial[]>

  /**
   * Adds looks at a dataset, all or none. `known` is the number of looks, at whatever dataset, that the caller has
   * read. If the store has another number, the call rejects with `T2_LOOK_CONFLICT`. Two decisions at the same time can
   * thus not spend the same budget, even if two datasets share cases.
   */
  addLooks(dataset: string, looks: readonly Look[], known: number): Promise<void>
  /** Looks at one dataset or at all, in the order in which they were added. */
  looks(dataset?: string): Promise<Look[]>
  /**
   * Writes a verdict to a look that has none.
   *
   * Rejects with `T2_LOOK_UNKNOWN` if there is no such look. Rejects with `T2_LOOK_CONFLICT` if the look has a verdict,
   * if a later look at the same candidate was added for the same purpose, or if the candidate would earn a second time.
   */
  settleLook(id: string, settled: Pick<Look, 'verdict' | 'earned' | 'left'>): Promise<Look>

  /** Adds a verdict. If a verdict with this id is stored already, nothing changes. */
  addVerdict(verdict: StoredVerdict): Promise<void>
  /** Verdicts, the latest first. The filter keeps those that meet all its conditions. */
  verdicts(filter?: VerdictFilter): Promise<StoredVerdict[]>
}

/** Selects experiments. An experiment is listed if it meets all conditions that are given. */
export interface ExperimentFilter {
  /** Name of the dataset. */
  readonly dataset?: string
  /** Id of a proposal whose value one of the candidates has. */
  readonly proposal?: string
  /** Status of the experiment. */
  readonly status?: Experiment['status']
}

/** Selects verdicts. A verdict is listed if it meets all conditions that are given. */
export interface VerdictFilter {
  /** Id of a proposal that the verdict is about. */
  readonly proposal?: string
  /** Id of the experiment. */
  readonly experiment?: string
}
