import { sourceHash } from '@trace2/core'
import { childOf, nameOf, type Tree } from '@trace2/source'
import type { Comment } from 'acorn'
import { commentText, declaredArguments, documentationOf } from '../operator/signature.ts'
import type { AuthoredFunction } from './authored.ts'
import { isMethod, type ModuleText, type Placed, wrappers } from './module-text.ts'
import { itselfIn } from './names-in-text.ts'

/** What the text of a module says about one of its functions, which is recorded by the `call`. */
export function describeFunction(module: ModuleText, fn: Placed, call: Placed): AuthoredFunction {
  const name = authorName(ownName(fn), assignedName(call))
  const comments = commentsAbove(module, fn, call)
  const text = functionText(module.text, fn)
  const above = comments.map(({ start, end }) => `${module.text.slice(start, end)}\n`).join('')
  const documentation = [commentText(comments), documentationOf(module.syntax, fn.node)]
  return {
    ...(name === undefined ? {} : { name }),
    arguments: declaredArguments(fn.node),
    documentation: documentation.filter((words) => words !== '').join('\n'),
    hash: sourceHash(text),
    source: above + text,
    itself: itselfIn(fn, call),
    line: module.lines.lineOf(fn.node.start),
  }
}

/** A bundler that makes one file of many puts a number after a name that is there already: `const a = bundle(function a2 …`. */
function authorName(own: string | undefined, assigned: string | undefined): string | undefined {
  return own === undefined || own.replace(/\d+$/, '') === assigned ? assigned : own
}

/** The name that the function has where it is written. */
export function ownName({ node, around }: Placed): string | undefined {
  const own = nameOf(childOf(node, 'id'))
  if (own !== undefined) return own
  const parent = around.at(-1)
  if (parent && isMethod(parent)) return parent.computed ? undefined : keyName(parent)
  return assignedName({ node, around })
}

/** The name of the variable, property or field that a value is given to. */
function assignedName({ around }: Placed): string | undefined {
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

function keyName(member: Tree): string | undefined {
  return nameOf(childOf(member, 'key'))
}

/** A method is written with its name, but without what says how the class has it. */
export function functionText(text: string, { node, around }: Placed): string {
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
function commentsAbove(module: ModuleText, fn: Placed, call: Placed): readonly Comment[] {
  const parent = fn.around.at(-1)
  const whole = parent && isMethod(parent) ? parent : fn.node
  const own = module.commentsBefore(whole.start)
  if (own.length > 0) return own
  for (const { around, node } of [fn, call]) {
    const outer = [...around, node].toReversed().find(({ type }) => documented.has(type))
    const exported = around.find(
      (each) => /^Export/.test(each.type) && childOf(each, 'declaration') === outer,
    )
    const comments = outer ? module.commentsBefore((exported ?? outer).start) : []
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
