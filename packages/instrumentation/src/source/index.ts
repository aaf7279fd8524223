export { findSyntaxFault } from './engine-syntax.ts'
export { readFacts, type SourceFacts } from './facts.ts'
export {
  type HelperName,
  helperNames,
  helperOf,
  isCompilerHelper,
  isHelperLibrary,
} from './helper-names.ts'
export { type BuiltNames, withWrittenNames } from './imports.ts'
export { shortenedNameHelpers, withoutNameHelpers } from './name-helpers.ts'
export { isSafeName, languageNames, runtimeNames } from './names.ts'
export { findNamesFault, findNeed, type Need } from './needs.ts'
export { type ParsedFunction, parseFunction } from './parse.ts'
export { withoutTypes } from './types.ts'
