export { readFacts, type SourceFacts } from './facts.ts'
export { withPlainImports } from './imports.ts'
export { isSafeName, languageNames, runtimeNames } from './names.ts'
export { type ParsedFunction, parseFunction } from './parse.ts'
