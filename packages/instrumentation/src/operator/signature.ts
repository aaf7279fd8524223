import {
  childOf,
  countUpTo,
  type FunctionSyntax,
  functionSyntax,
  listOf,
  methodOpen,
  nameOf,
  type Syntax,
  type Tree,
} from '@trace2/source'

/** One declared argument of a function. */
export interface DeclaredArgument {
  /** `undefined` for a pattern. */
  readonly name: string | undefined
  readonly form: 'plain' | 'object' | 'array' | 'rest'
}

/** What a function's source says about how it is called. */
export interface Signature {
  readonly declared: readonly DeclaredArgument[]
  /** Source text up to the end of the argument list, or of the type of the result. */
  readonly head: string
  /** The comment that documents the function: the one above it, and the first in its body before any code. */
  readonly documentation: string
}

/** Reads the signature from the source text of a function; `undefined` where there is none (native code). */
export function parseSignature(source: string): Signature | undefined {
  const syntax = functionSyntax(source)
  return 'fault' in syntax ? undefined : signatureOfSyntax(syntax)
}

function signatureOfSyntax(syntax: FunctionSyntax): Signature {
  const { root, text, method } = syntax
  const body = childOf(root, 'body')
  const inBody = documentationOf(syntax, root)
  const above = commentsIn(syntax, method ? methodOpen.length : 0, root.start)
  const start = above.at(-1)?.end ?? (method ? methodOpen.length : root.start)
  return {
    declared: declaredArguments(root),
    head: text
      .slice(start, body?.start)
      .replace(/=>\s*$/, '')
      .trim(),
    documentation: [commentText(above), inBody].filter((text) => text !== '').join('\n'),
  }
}

/** The arguments of a function node. */
export function declaredArguments(fn: Tree): readonly DeclaredArgument[] {
  // TypeScript writes the type of `this` as if it were an argument.
  return listOf(fn, 'params')
    .filter((argument) => nameOf(argument) !== 'this')
    .map(declaredArgument)
}

function declaredArgument(argument: Tree): DeclaredArgument {
  switch (argument.type) {
    case 'AssignmentPattern': {
      const left = childOf(argument, 'left')
      return left ? declaredArgument(left) : { name: undefined, form: 'plain' }
    }
    case 'RestElement':
      return { name: nameOf(childOf(argument, 'argument')), form: 'rest' }
    case 'ObjectPattern':
      return { name: undefined, form: 'object' }
    case 'ArrayPattern':
      return { name: undefined, form: 'array' }
    default:
      return { name: nameOf(argument), form: 'plain' }
  }
}

/** The words of the comment with which the body of a function node begins. */
export function documentationOf(syntax: Syntax, fn: Tree): string {
  const body = childOf(fn, 'body')
  return body ? commentText(firstComments(syntax, body)) : ''
}

/** The comments with which a body begins, before any code. */
function firstComments(syntax: Syntax, body: Tree): Syntax['comments'] {
  if (body.type !== 'BlockStatement') return commentsBefore(syntax, body)
  const [first] = listOf(body, 'body')
  const comments = commentsIn(syntax, body.start, first?.start ?? body.end)
  const [opening, ...more] = comments
  if (opening?.type !== 'Line') return opening ? [opening] : []
  const lines = more.findIndex(({ type }) => type !== 'Line')
  return lines < 0 ? comments : comments.slice(0, lines + 1)
}

/** An arrow function of one expression has its comment after the arrow. */
function commentsBefore(syntax: Syntax, body: Tree): Syntax['comments'] {
  const arrow = syntax.text.lastIndexOf('=>', body.start)
  return commentsIn(syntax, arrow, body.start)
}

function commentsIn({ comments }: Syntax, from: number, to: number): Syntax['comments'] {
  const first = countUpTo(comments, from - 1, ({ start }) => start)
  let last = first
  while ((comments[last]?.end ?? Number.POSITIVE_INFINITY) <= to) last++
  return comments.slice(first, last)
}

/** The words of comments, without the stars before the lines of a block. */
export function commentText(comments: Syntax['comments']): string {
  return comments
    .map(({ type, value }) =>
      type === 'Line'
        ? value.replace(/^ /, '')
        : value.replace(/^\*/, '').replace(/^\s*\* ?/gm, ''),
    )
    .join('\n')
    .trim()
}
