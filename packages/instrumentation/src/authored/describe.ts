import type { Comment } from 'acorn'
import { commentText, declaredArguments, documentationOf } from '../operator/signature.ts'
import { sourceHash } from '../semconv/hash.ts'
import { nameOf, type Syntax } from '../source/syntax.ts'
import { childOf, type Tree } from '../source/walk.ts'
import type { AuthoredFunction } from './authored.ts'

/** A node with the nodes around it, the outermost first. */
export interface Placed {
  readonly node: Tree
  readonly around: readonly Tree[]
}

/** What the text of a module says about one of its functions, which is recorded by the `call`. */
export function describeFunction(syntax: Syntax, fn: Placed, call: Placed): AuthoredFunction {
  const name = ownName(fn) ?? assignedName(call)
  const comments = commentsAbove(syntax, fn, call)
  const text = functionText(syntax.text, fn)
  const above = comments.map(({ start, end }) => `${syntax.text.slice(start, end)}\n`).join('')
  const documentation = [commentText(comments), documentationOf(syntax, fn.node)]
  return {
    ...(name === undefined ? {} : { name }),
    arguments: declaredArguments(fn.node),
    documentation: documentation.filter((words) => words !== '').join('\n'),
    hash: sourceHash(text),
    source: above + text,
    line: lineAt(syntax.text, fn.node.start),
  }
}

/** The name that the function has where it is written. */
function ownName({ node, around }: Placed): string | undefined {
  const own = nameOf(childOf(node, 'id'))
  if (own !== undefined) return own
  const parent = around.at(-1)
  if (parent && isMethod(parent)) return parent.computed ? undefined : keyName(parent)
  return assignedName({ node, around })
}

/** The name of the variable, property or field that a value is given to. */
export function assignedName({ around }: Placed): string | undefined {
  for (const node of around.toReversed()) {
    switch (node.type) {
      case 'VariableDeclarator':
        return nameOf(childOf(node, 'id'))
      case 'AssignmentExpression': {
        const left = childOf(node, 'left')
        return nameOf(left) ?? nameOf(left && childOf(left, 'property'))
      }
      case 'Property':
      case 'PropertyDefinition':
        return node.computed ? undefined : keyName(node)
      default:
        if (!wrappers.has(node.type)) return undefined
    }
  }
  return undefined
}

/** What may be around a value without making another of it. */
export const wrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
])

function keyName(member: Tree): string | undefined {
  return nameOf(childOf(member, 'key'))
}

export function isMethod(node: Tree): boolean {
  return node.type === 'MethodDefinition' || node.method === true
}

/** A method is written with its name, but without what says how the class has it. */
function functionText(text: string, { node, around }: Placed): string {
  const parent = around.at(-1)
  if (!parent || !isMethod(parent)) return text.slice(node.start, node.end)
  const key = childOf(parent, 'key')?.start ?? node.start
  const before = text.slice(parent.start, key)
  const kept = before.match(/\b(?:async|get|set)\b|[*[]/g) ?? []
  return `${kept.join(' ')}${kept.length > 0 && kept.at(-1) !== '[' ? ' ' : ''}${text.slice(key, node.end)}`
}

/**
 * The comment that stands above a function: right before it, before the statement that declares it, or, as a
 * documentation comment, before the statement or member in which it is recorded.
 */
function commentsAbove(syntax: Syntax, fn: Placed, call: Placed): readonly Comment[] {
  const parent = fn.around.at(-1)
  const whole = parent && isMethod(parent) ? parent : fn.node
  const own = runBefore(syntax, whole.start)
  if (own.length > 0) return own
  for (const { around, node } of [fn, call]) {
    const outer = [...around, node].toReversed().find(({ type }) => documented.has(type))
    const exported = around.find(
      (each) => /^Export/.test(each.type) && childOf(each, 'declaration') === outer,
    )
    const comments = outer ? runBefore(syntax, (exported ?? outer).start) : []
    const last = comments.at(-1)
    if (last?.type === 'Block' && last.value.startsWith('*')) return [last]
  }
  return []
}

const documented = new Set([
  'VariableDeclaration',
  'FunctionDeclaration',
  'ExpressionStatement',
  'ExportDefaultDeclaration',
  'PropertyDefinition',
  'Property',
])

/** The comments that end right before a position: one block, or lines one below the other. */
function runBefore({ text, comments }: Syntax, position: number): readonly Comment[] {
  const run: Comment[] = []
  let before = position
  for (const comment of comments.toReversed()) {
    if (comment.end > before || text.slice(comment.end, before).trim() !== '') {
      if (comment.end <= before) break
      continue
    }
    if (run.length > 0 && (comment.type === 'Block' || run[0]?.type === 'Block')) break
    run.unshift(comment)
    before = comment.start
  }
  return run
}

function lineAt(text: string, position: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1))
    line++
  return line
}
