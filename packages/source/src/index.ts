export { hasSpareBlanks } from './blanks.ts'
export { type CarriedSource, type CodeContract, emptyContract } from './contract.ts'
export { findSyntaxFault } from './engine-syntax.ts'
export { raise, sourceErrors } from './errors.ts'
export { readFacts, type SourceFacts } from './facts.ts'
export {
  type HelperName,
  helperNames,
  helperOf,
  isCompilerHelper,
  isHelperLibrary,
} from './helper-names.ts'
export { type BuiltNames, withWrittenNames } from './imports.ts'
export { countUpTo, Lines } from './lines.ts'
export { shortenedNameHelpers, withoutNameHelpers } from './name-helpers.ts'
export { isSafeName, languageNames, runtimeNames } from './names.ts'
export { findNamesFault, findNeed, type Need } from './needs.ts'
export { type ParsedFunction, parseFunction } from './parse.ts'
export { blockNames, boundNames, functionNames } from './scope.ts'
export {
  type FunctionSyntax,
  functionSyntax,
  methodOpen,
  nameOf,
  parseProgram,
  type Syntax,
  visit,
} from './syntax.ts'
export { withoutTypes } from './types.ts'
export { childOf, isFunction, listOf, type Tree } from './walk.ts'
