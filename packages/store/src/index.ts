export { type ApiMethod, callInterruptible, isApiMethod, isInterruptible } from './api.ts'
export {
  type BackupBytes,
  type BackupPart,
  type BackupParts,
  isPartName,
  type OpenedBackup,
} from './backup.ts'
export type { Change, Decision, NewChange, NewDecision } from './decision.ts'
export { decisionText, decisionUnfinished } from './decision-unfinished.ts'
export { deferredStore } from './deferred.ts'
export { storeErrors } from './errors.ts'
export type {
  Candidate,
  Case,
  CaseFeedback,
  Dataset,
  DatasetVersion,
  Experiment,
  Look,
  NewDataset,
  ReplayCounts,
  Split,
  StoredVerdict,
  Trial,
  TrialMode,
  TrialOutcome,
  TrialScore,
} from './evaluation.ts'
export type { EvaluationStore, ExperimentFilter, VerdictFilter } from './evaluation-store.ts'
export {
  type DeclaredIn,
  type FeedbackName,
  normalizedScore,
  rankedNames,
} from './feedback-name.ts'
export { type Finding, okFinding } from './finding.ts'
export { answersInside } from './graph/answers-inside.ts'
export type {
  GraphEdge,
  GraphNode,
  InputNode,
  NodeId,
  OpNode,
  ParameterNode,
  Repair,
  RunGraph,
} from './graph/graph.ts'
export { graphHash } from './graph/graph-hash.ts'
export { filesOf } from './import/files-of.ts'
export type { IgnoredEvents } from './import/ignored-events.ts'
export { type ExportImport, importExport, isExport } from './import/import-export.ts'
export {
  type ImportProblem,
  type ImportProgress,
  type ImportResult,
  importFile,
} from './import/import-file.ts'
export { makeDirectory } from './make-directory.ts'
export { canonicalPath, isOpenHere, openShared, openStore } from './open.ts'
export {
  type AskedOwner,
  askOwner,
  findOwner,
  newOwnerId,
  type Owner,
  ownershipOf,
  removeOwner,
  writeOwner,
} from './owner.ts'
export type {
  Deployment,
  LeftOut,
  LlmCall,
  NewDeployment,
  Proposal,
  ProposalBase,
  ProposalMark,
  ProposalStatus,
} from './proposal.ts'
export { proposalClosed } from './proposal-closed.ts'
export {
  type Block,
  blockText,
  type Message,
  type ModelRequest,
  modelRequest,
  readableBlocks,
  readableText,
  type ToolCall,
  type ToolDefinition,
  textWithoutPackaging,
} from './reading/index.ts'
export { remoteStore } from './remote.ts'
export type { RetentionPolicy } from './retention-policy.ts'
export type {
  ExportedRecord,
  ExportOptions,
  Feedback,
  FeedbackDeclarations,
  FeedbackSource,
  GraphOptions,
  GraphsOptions,
  LogWriteResult,
  NewFeedback,
  NewParameterVersion,
  ParameterSummary,
  ParameterVersion,
  QueryOptions,
  QueryResult,
  RecentVersion,
  RunQuery,
  RunSummary,
  ScoreSummary,
  ScoresQuery,
  Store,
  VersionScores,
  WriteResult,
} from './store.ts'
export {
  checkTraces,
  type DialectCheck,
  type EdgeCheck,
  type FilledPrompt,
  type LookalikeCheck,
  type ModelCallCheck,
  type TraceAdvice,
  type TraceCheck,
  type TraceSender,
  type UnreadCheck,
  type UnreadKey,
} from './trace-check/index.ts'
