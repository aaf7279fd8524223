export { activeReplay, type CallAnswerer, withReplay } from './active.ts'
export type { AskingCall, Giver } from './asking-call.ts'
export { type AskedInput, askedInputs, inputKey } from './input-keys.ts'
export { type AnswerKeeper, activeKeeper, type KeptAnswer, keepingAnswers } from './kept-answers.ts'
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
