export { type Composed, type ComposeOptions, composeCases } from './compose.ts'
export { describeDataset, isChosenByOutcome } from './describe/describe.ts'
export type {
  DatasetDescription,
  DatasetWarning,
  FeedbackKind,
  SplitDescription,
} from './describe/description.ts'
export { caseId, type Draft, draftOf } from './draft.ts'
export type { LineProblem } from './files/problem.ts'
export { type FileFormat, formatOf, type ReadCases, readCases } from './files/read-cases.ts'
export { formulaCells, type WriteOptions, writtenCases } from './files/write-cases.ts'
export { usualSimilarity } from './grouping/near-duplicates.ts'
export { caseMetadata } from './metadata.ts'
export {
  type CasesOfRuns,
  type CasesOfRunsOptions,
  type ChosenBy,
  casesOfRuns,
} from './runs/cases-of-runs.ts'
export type { ReferenceSource } from './runs/drafts-of-runs.ts'
export { runsWithInputs, type Unusable } from './runs/inputs-of-runs.ts'
export type { Sampling } from './runs/sampling.ts'
export { KnownInputs } from './same-inputs.ts'
export {
  parseShares,
  type SplitShares,
  sharesOfOrigin,
  sharesText,
  splitNamed,
  splitOf,
  splits,
  usualShares,
} from './shares.ts'
export {
  type ChangedDataset,
  type DatasetChange,
  type DatasetStore,
  findCase,
  putDataset,
  removeCases,
} from './versions.ts'
