export { type CurrentParameter, currentParameters } from './current.ts'
export { type AcceptOptions, accept, reject, rollback } from './decide.ts'
export {
  type DeployedValues,
  readParametersFile,
  writeParametersFile,
} from './parameters-file.ts'
export { proposalMarks } from './unusual.ts'
