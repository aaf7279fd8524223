export { type GuideDefinition, guideOf, readGuideDefinition } from './definitions.ts'
export {
  type Guide,
  type GuideTools,
  guideIdentifier,
  type Subject,
  type Verdict,
} from './guide.ts'
export type { GuideReport } from './guide-report.ts'
export type { GuideScore } from './guide-score.ts'
export {
  type JudgeFailure,
  type JudgeOptions,
  type JudgeProgress,
  type JudgeResult,
  judge,
} from './judge.ts'
export { type LengthBias, lengthBias } from './length-bias.ts'
export { type FindReference, type Reference, readReferences, referenceIndex } from './references.ts'
export { type ScoredSubjects, type ScoreOptions, scoreSubjects } from './score-subjects.ts'
export { type Part, weighted } from './weighted.ts'
