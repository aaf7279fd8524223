export type { TrialAgent, TrialAnswer, TrialRequest } from '../agents/index.ts'
export type { ExperimentBudget, ExperimentSpending } from './budget.ts'
export {
  baseCandidate,
  baseId,
  candidateOf,
  candidateOfProposals,
  changedParameters,
} from './candidate.ts'
export { type EvaluateOptions, type ExperimentStore, evaluate } from './evaluate.ts'
export type { GateSettings } from './gate-settings.ts'
export { type GuardSettings, guardsOf } from './guard-settings.ts'
export { guideScorer } from './guide-scorer.ts'
export { liveAgent } from './live-agent.ts'
export type { ExcludedCase } from './pairs.ts'
export { type Preview, type PreviewOptions, previewExperiment } from './preview.ts'
export { type ReplayOptions, replayAgent } from './replay-agent.ts'
export type { TrialsProgress } from './run-trials.ts'
export type { Scorer } from './scorer.ts'
export type { UnseenGuard } from './seen-guards.ts'
export type { SeveralCandidates } from './several.ts'
export { evidenceFor, type ProposalEvidence, type ReadingStore, readExperiment } from './stored.ts'
export {
  type CandidateResult,
  type CaseRow,
  type ExperimentResult,
  type SideTotals,
  shownOutput,
} from './summary.ts'
export { refuseUnpriced, unpricedModels } from './unpriced.ts'
export {
  type VerdictOptions,
  type VerdictResult,
  type VerdictStore,
  verdictOn,
} from './verdict.ts'
export type { VerdictPlan } from './verdict-plan.ts'
