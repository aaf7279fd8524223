export { callerOf, functionNamed, type Place } from './caller.ts'
export {
  type KnownPrompt,
  type KnownUse,
  PromptNames,
  type PromptToName,
  type Renaming,
} from './prompt-names.ts'
export { callerName, givenName, hasId, operatorName, stableName } from './stable-names.ts'
export { storedBase } from './stored-base.ts'
export {
  baseOf,
  firstWords,
  parameterNameOf,
  promptOf,
  UNNAMED_PROMPT,
} from './words.ts'
