import { helperDeclarations } from './compiler-helpers.ts'
import { readFacts } from './facts.ts'
import { withoutNameHelpers } from './name-helpers.ts'
import { withoutTypes } from './types.ts'

/**
 * The source of a function as an engine runs it: without types, and with what its compiler would have given it. It is
 * an expression for the function, on the lines that it had.
 */
export function runnableSource(source: string): { readonly source: string } | { fault: string } {
  const plain = withoutTypes(source)
  if ('fault' in plain) return plain
  const named = withoutNameHelpers(plain.source)
  const facts = readFacts(named)
  const helpers = 'fault' in facts ? '' : helperDeclarations(facts.free)
  if ('fault' in facts || helpers === '') return { source: named }
  return { source: `(()=>{${helpers}return(${facts.parsed.expression}\n)})()` }
}
