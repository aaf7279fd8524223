import { tsPlugin } from '@sveltejs/acorn-typescript'
import { type Comment, type Options, Parser } from 'acorn'
import { childOf, childrenOf, isFunction, isTree, listOf, type Tree } from './walk.ts'

/** A parsed text. Positions of nodes and comments are offsets in `text`. */
export interface Syntax {
  readonly text: string
  readonly root: Tree
  readonly comments: readonly Comment[]
  /** Whether only a TypeScript parser could read it. */
  readonly typed: boolean
}

/** A text that is one function: `root` is the function. */
export type FunctionSyntax = Syntax & {
  /** The member of a class that the function is, where it was written as a method. */
  readonly method: Tree | undefined
}

// Parsing takes about a second per 8 MiB, which no program should wait for.
const longestText = 2 * 1024 * 1024

const options: Options = {
  ecmaVersion: 'latest',
  allowAwaitOutsideFunction: true,
  allowHashBang: true,
  allowImportExportEverywhere: true,
  allowReturnOutsideFunction: true,
  allowSuperOutsideMethod: true,
  checkPrivateFields: false,
}

interface Language {
  /** Made when a text needs it: most need the first only. */
  readonly parser: () => typeof Parser
  readonly settings: Options
  readonly typed: boolean
}

/** Languages from the commonest on: what one refuses is read as the next. */
const languages: readonly Language[] = [
  { parser: () => Parser, settings: { ...options, sourceType: 'module' }, typed: false },
  { parser: () => Parser, settings: { ...options, sourceType: 'script' }, typed: false },
  typeScript({}),
  typeScript({ jsx: true }),
]

function typeScript(plugin: { readonly jsx?: boolean }): Language {
  let parser: typeof Parser | undefined
  return {
    parser: () => {
      parser ??= Parser.extend(tsPlugin(plugin))
      return parser
    },
    // It keeps lines and columns for itself and fails without them.
    settings: { ...options, sourceType: 'module', locations: true },
    typed: true,
  }
}

/** The syntax of a whole module, or why it has none. */
export function parseProgram(text: string): Syntax | { readonly fault: string } {
  return parseWith(text, (parser, settings) => parser.parse(text, settings))
}

/** The syntax of a text that is one function and nothing else, or why it is not. */
export function functionSyntax(text: string): FunctionSyntax | { readonly fault: string } {
  const found = parseWith(text, (parser, settings) => oneExpression(parser, text, settings))
  if (!('fault' in found) && isFunction(found.root)) return { ...found, method: undefined }
  // A method stands for itself only within a class.
  const wrapped = `${methodOpen}${text}${methodClose}`
  const member = parseWith(wrapped, (parser, settings) => onlyMember(parser, wrapped, settings))
  if (!('fault' in member)) {
    const root = childOf(member.root, 'value')
    if (root) return { ...member, root, method: member.root }
  }
  return 'fault' in found ? found : { fault: 'it is not one function' }
}

/** What is put before the source of a method to parse it. */
export const methodOpen = '(class {'
/** What is put after the source of a method to parse it. */
export const methodClose = '\n})'

function oneExpression(parser: typeof Parser, text: string, settings: Options): unknown {
  const root = parser.parseExpressionAt(text, 0, settings)
  // White space and comments may follow.
  const { body } = parser.parse(text.slice(root.end), { ...settings, onComment: () => undefined })
  if (body.length > 0) throw new SyntaxError('something follows the function')
  return root
}

/** The method of a class that has one member. */
function onlyMember(parser: typeof Parser, text: string, settings: Options): unknown {
  const [statement, ...more] = listOf(asNode(parser.parse(text, settings)), 'body')
  const written = statement && more.length === 0 ? childOf(statement, 'expression') : undefined
  const body = written && childOf(written, 'body')
  const [member, ...others] = body ? listOf(body, 'body') : []
  if (member?.type !== 'MethodDefinition' || others.length > 0) {
    throw new SyntaxError('it is not one function')
  }
  return member
}

function parseWith(
  text: string,
  parse: (parser: typeof Parser, settings: Options) => unknown,
): Syntax | { readonly fault: string } {
  if (text.length > longestText) return { fault: 'it is too long to be read' }
  let fault = ''
  for (const { parser, settings, typed } of languages) {
    const comments: Comment[] = []
    try {
      const root = parse(parser(), { ...settings, onComment: comments })
      if (isTree(root)) return { text, root, comments: distinct(comments), typed }
    } catch (error) {
      fault ||= `it does not parse: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return { fault }
}

/** A parser that goes back to try again reports a comment twice. */
function distinct(comments: readonly Comment[]): readonly Comment[] {
  return [...new Map(comments.map((comment) => [comment.start, comment])).values()]
}

function asNode(value: unknown): Tree {
  if (!isTree(value)) throw new SyntaxError('it is no syntax')
  return value
}

/** The name of an identifier or private name, or the text of a string literal. */
export function nameOf(node: Tree | undefined): string | undefined {
  if (!node) return undefined
  const name = node.type === 'Literal' ? node.value : node.name
  return typeof name === 'string' ? name : undefined
}

/** Visits a node and all within it, outermost first, with the nodes around it. `false` leaves out what is within. */
export function visit(
  node: Tree,
  enter: (node: Tree, around: readonly Tree[]) => boolean | undefined,
  around: readonly Tree[] = [],
): void {
  if (enter(node, around) === false) return
  const within = [...around, node]
  for (const child of childrenOf(node)) visit(child, enter, within)
}
