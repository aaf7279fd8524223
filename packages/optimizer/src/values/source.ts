import { findNamesFault, type ParsedFunction, parseFunction } from '@trace2/source'
import { type Pattern, parseExpressionAt, type Token } from 'acorn'

/** What must stay when the source of a function is rewritten. */
interface Signature {
  readonly name: string | undefined
  readonly parameters: readonly string[]
  readonly async: boolean
  readonly generator: boolean
}

/** The signature of a text that is one function and nothing else, its types left out, or why it is not. */
export function readSignature(source: string): Signature | { readonly fault: string } {
  const parsed = parseFunction(source)
  return 'fault' in parsed ? parsed : signatureOf(parsed)
}

function signatureOf({ node, name, text }: ParsedFunction): Signature | { readonly fault: string } {
  if (node.type === 'ClassExpression') return { fault: 'it is not one function' }
  return {
    name,
    parameters: node.params.map((parameter) => parameterText(parameter, text)),
    async: node.async === true,
    generator: node.generator === true,
  }
}

/** A parameter without its default value, which may change. */
function parameterText(parameter: Pattern, source: string): string {
  const declared = parameter.type === 'AssignmentPattern' ? parameter.left : parameter
  return source.slice(declared.start, declared.end).replace(/\s+/g, ' ')
}

const leadingComments = /^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*\n)*/

/** Whether a text is the source of exactly one function. */
export function isFunctionSource(text: string): boolean {
  // Cheap first: prose is not parsed.
  const start = text.replace(leadingComments, '')
  return /^(?:async\b|function\b|[(<]|[\p{ID_Start}_$][\p{ID_Continue}$]*\s*=>)/u.test(start)
    ? !('fault' in readSignature(text))
    : false
}

/** The tokens of a text that is the source of one function, without types, comments and space; `undefined` for any other. */
export function functionTokens(text: string): readonly string[] | undefined {
  const parsed = isFunctionSource(text) ? parseFunction(text) : { fault: '' }
  if ('fault' in parsed) return undefined
  const tokens: Token[] = []
  parseExpressionAt(parsed.text, 0, { ecmaVersion: 'latest', onToken: tokens })
  return tokens.map(({ start, end }) => parsed.text.slice(start, end))
}

/**
 * Says how a rewritten function breaks the contract of the present one, or `undefined` where it keeps it. `allowed` are
 * the names that it may use, where they are known.
 */
export function sourceFault(
  present: string,
  proposed: string,
  allowed?: ReadonlySet<string>,
): string | undefined {
  const before = readSignature(present)
  const after = readSignature(proposed)
  if ('fault' in after) return after.fault
  if ('fault' in before) return undefined
  if (before.name !== after.name) {
    return `the function must keep its name ${before.name ?? '(it has none)'}`
  }
  if (before.parameters.join(', ') !== after.parameters.join(', ')) {
    return `the function must keep its parameters (${before.parameters.join(', ')})`
  }
  if (before.async !== after.async) {
    return `the function must ${before.async ? 'stay' : 'not become'} async`
  }
  if (before.generator !== after.generator) {
    return `the function must ${before.generator ? 'stay' : 'not become'} a generator`
  }
  return allowed && findNamesFault(proposed, allowed)
}
