export { incomparable } from './compared.ts'
export type { Difference } from './difference.ts'
export { differenceText, firstDifference } from './difference.ts'
export { type FinishedSpan, recordedRunIn } from './finished-span.ts'
export { type AnswerKeeper, type KeptAnswer, keepingAnswers } from './kept-answers.ts'
export type { ReplayPolicies, ReplayPolicy, ReplayRule } from './policy.ts'
export {
  type RecordedAnswer,
  type RecordedCall,
  type RecordedError,
  type RecordedInputValue,
  type RecordedOutcome,
  type RecordedRun,
  type RecordedValue,
  requestRole,
  settingsRole,
} from './recorded-run.ts'
export { type Replayed, replaying } from './replaying.ts'
export type { Counts, ReplayEnd, ReplayReport } from './report.ts'
export { recordedRunOf, type StoredSpan } from './stored-spans.ts'
