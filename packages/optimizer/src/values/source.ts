import { parseFunction, withoutTypes } from '@trace2/instrumentation/source'
import { type Function as FunctionNode, type Pattern, parseExpressionAt, type Token } from 'acorn'

/** What must stay when the source of a function is rewritten. */
interface Signature {
  readonly name: string | undefined
  readonly parameters: readonly string[]
  readonly async: boolean
  readonly generator: boolean
}

/** The signature of a text that is one function and nothing else, its types left out, or why it is not. */
export function readSignature(source: string): Signature | { readonly fault: string } {
  const plain = readPlain(source)
  if ('fault' in plain) return plain
  const { node, text, offset } = plain
  // The name of a method stands before the function.
  const head = text.slice(offset, node.start).replace(/\basync\b|\*/g, '')
  return signatureOf(node, text, offset === 0 ? node.id?.name : head.trim())
}

interface PlainFunction {
  readonly node: FunctionNode
  /** The source without its types; a method stands within an object, to be an expression. */
  readonly text: string
  readonly offset: number
}

function readPlain(source: string): PlainFunction | { readonly fault: string } {
  const plain = withoutTypes(source)
  if ('fault' in plain) return plain
  const parsed = parseFunction(plain.source)
  if ('fault' in parsed) return parsed
  const { node, offset } = parsed
  if (node.type === 'ClassExpression') return { fault: 'it is not one function' }
  return { node, offset, text: offset === 0 ? plain.source : `({${plain.source}\n})` }
}

function signatureOf(node: FunctionNode, text: string, name: string | undefined): Signature {
  return {
    name,
    parameters: node.params.map((parameter) => parameterText(parameter, text)),
    async: node.async,
    generator: node.generator,
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
  const plain = isFunctionSource(text) ? readPlain(text) : undefined
  if (!plain || 'fault' in plain) return undefined
  const tokens: Token[] = []
  parseExpressionAt(plain.text, 0, { ecmaVersion: 'latest', onToken: tokens })
  return tokens.map(({ start, end }) => plain.text.slice(start, end))
}

/** Says how a rewritten function breaks the contract of the present one, or `undefined` where it keeps it. */
export function sourceFault(present: string, proposed: string): string | undefined {
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
  return undefined
}
