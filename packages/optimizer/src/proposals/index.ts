export type { Outcome } from './carry-out.ts'
export {
  type Base,
  baseOf,
  type CurrentParameter,
  currentParameters,
} from './current.ts'
export {
  type AcceptOptions,
  accept,
  type RollbackOptions,
  reject,
  rollback,
} from './decide.ts'
export {
  type Arm,
  type DeployedEntry,
  type DeployedValues,
  readParametersFile,
} from './parameters-file.ts'
export { type PassedOver, passedOverText, requireEntries } from './passed-over.ts'
export { isAcceptable, rolledBack } from './rolled-back.ts'
export {
  type DecideOptions,
  type Finished,
  finishDecisions,
  interruptedDecisions,
} from './unfinished.ts'
export { proposalUnseen } from './unseen.ts'
export { marksToConfirm, proposalMarks } from './unusual.ts'
