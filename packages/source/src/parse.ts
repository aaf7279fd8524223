import {
  type ArrowFunctionExpression,
  type ClassExpression,
  type Expression,
  type FunctionExpression,
  type Node,
  parseExpressionAt,
} from 'acorn'
import { withoutTypes } from './types.ts'

/** One function, parsed. */
export interface ParsedFunction {
  /** The function or class, as the parser sees it. */
  readonly node: FunctionExpression | ArrowFunctionExpression | ClassExpression
  /** The source text as one expression: a method becomes a member of an object literal. */
  readonly expression: string
  /** The name that it has in its own source. */
  readonly name: string | undefined
  /** The text that the positions of the node belong to. */
  readonly text: string
  /** Where the source begins in that text. */
  readonly offset: number
  /** Computed key of a method, which is evaluated outside of it. */
  readonly key: Node | undefined
}

/**
 * Reads text that is the source of one function or class and nothing else, its types left out; or says why it is not.
 */
export function parseFunction(source: string): ParsedFunction | { readonly fault: string } {
  const parsed = parseJavaScript(source)
  if ('node' in parsed) return parsed
  const plain = withoutTypes(source)
  if ('source' in plain) return parseJavaScript(plain.source)
  return plain.isTypeScript ? { fault: plain.fault } : parsed
}

function parseJavaScript(source: string): ParsedFunction | { readonly fault: string } {
  const direct = parseExpression(source)
  if ('node' in direct && isFunctionLike(direct.node)) {
    return direct.rest === ''
      ? {
          node: direct.node,
          expression: source,
          name: nameOf(direct.node),
          text: source,
          offset: 0,
          key: undefined,
        }
      : { fault: 'something follows the function' }
  }
  const member = parseExpression(`({${source}\n})`)
  if ('node' in member && member.rest === ')') return asMethod(member.node, source)
  return 'fault' in direct ? direct : { fault: 'it is not one function' }
}

function parseExpression(
  text: string,
): { readonly node: Expression; readonly rest: string } | { readonly fault: string } {
  try {
    const node = parseExpressionAt(text, 0, {
      ecmaVersion: 'latest',
      // Whether they may be used here is said below, with better words.
      allowImportExportEverywhere: true,
      allowSuperOutsideMethod: true,
      checkPrivateFields: false,
    })
    return { node, rest: withoutComments(text.slice(node.end)) }
  } catch (error) {
    return { fault: `it does not parse: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').trim()
}

function isFunctionLike(node: Expression): node is ParsedFunction['node'] {
  return (
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'ClassExpression'
  )
}

function asMethod(node: Expression, source: string): ParsedFunction | { readonly fault: string } {
  const notOne = { fault: 'it is not one function' }
  if (node.type !== 'ObjectExpression' || node.properties.length !== 1) return notOne
  const [property] = node.properties
  if (property?.type !== 'Property' || property.value.type !== 'FunctionExpression') return notOne
  if (property.kind !== 'init') return { fault: 'it is a getter or setter' }
  if (!property.method) return notOne
  return {
    node: property.value,
    expression: `Object.values({${source}\n})[0]`,
    name: property.key.type === 'Identifier' && !property.computed ? property.key.name : undefined,
    text: `({${source}\n})`,
    offset: 2,
    key: property.computed ? property.key : undefined,
  }
}

function nameOf(node: ParsedFunction['node']): string | undefined {
  return node.type === 'ArrowFunctionExpression' ? undefined : node.id?.name
}
