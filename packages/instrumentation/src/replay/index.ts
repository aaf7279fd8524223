export {
  type AnswerKeeper,
  type KeptAnswer,
  keepingAnswers,
  type RecordedAnswer,
  type RecordedCall,
  type RecordedError,
  type RecordedInputValue,
  type RecordedOutcome,
  type RecordedRun,
  type RecordedValue,
} from '../answering/index.ts'
export { incomparable } from './compared.ts'
export type { Difference } from './difference.ts'
export { differenceText, firstDifference } from './difference.ts'
export { type FinishedSpan, recordedRunIn } from './finished-span.ts'
export type { ReplayPolicies, ReplayPolicy, ReplayRule } from './policy.ts'
export { type Replayed, replaying } from './replaying.ts'
export type { Counts, ReplayEnd, ReplayReport } from './report.ts'
export { recordedRunOf, type StoredSpan } from './stored-spans.ts'
