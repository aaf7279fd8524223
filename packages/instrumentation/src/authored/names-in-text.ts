import { childOf, listOf, nameOf, type Tree } from '@trace2/source'
import { sharedBindings } from './bindings.ts'
import { recordingCall } from './calls.ts'
import { type Placed, unwrapped, wrappers } from './module-text.ts'

/** The names under which a function and what records it are known where the function is written. */
export function itselfIn(fn: Placed, call: Placed): readonly string[] {
  const names = new Set([...assignedTo(fn), ...assignedTo(call)])
  const variables = [...names].filter((name) => !name.startsWith('exports.'))
  const exported = [...names].flatMap((name) => /^exports\.(.+)$/.exec(name)?.slice(1) ?? [])
  return [...new Set([...sharedBindings(variables, fn, call), ...exported])]
}

/** The variables that hold the function itself, and not what records it. */
export function ownVariables(fn: Placed): readonly string[] {
  return assignedTo(fn).filter((name) => !name.includes('.'))
}

/** The variables and exports that a value is given to where it stands. */
function assignedTo({ node, around }: Placed): readonly string[] {
  if (node.type === 'FunctionDeclaration') return [nameOf(childOf(node, 'id')) ?? '']
  const names: string[] = []
  for (const each of around.toReversed()) {
    if (each.type === 'VariableDeclarator')
      return [...names, ...expressionName(childOf(each, 'id'))]
    if (each.type === 'AssignmentExpression' && each.operator === '=') {
      names.push(...expressionName(childOf(each, 'left')))
    } else if (!wrappers.has(each.type)) return names
  }
  return names
}

/**
 * What is declared for a function in the call that records it, by the expression that gives it there: a build that
 * shortens names writes `{ uses: { helper: n } }`. `undefined` where the text of the call does not say.
 */
export function givenIn(fn: Placed, call: Placed): ReadonlyMap<string, string> | undefined {
  const options = recordingCall(call.node)?.options
  const uses = options && memberOf(unwrapped(options), 'uses')
  if (uses?.type !== 'ObjectExpression') return undefined
  const given = new Map<string, string>()
  for (const member of listOf(uses, 'properties')) {
    const name = member.computed === true ? undefined : nameOf(childOf(member, 'key'))
    const [expression] = member.kind === 'init' ? expressionName(childOf(member, 'value')) : []
    if (name !== undefined && expression !== undefined) given.set(expression, name)
  }
  const roots = new Set([...given.keys()].map(rootOf))
  const same = new Set(sharedBindings(roots, fn, call))
  return new Map([...given].filter(([expression]) => same.has(rootOf(expression))))
}

function memberOf(object: Tree, name: string): Tree | undefined {
  if (object.type !== 'ObjectExpression') return undefined
  const members = listOf(object, 'properties')
  // What is spread after it may give another.
  const last = members.findLast(
    (each) => each.type === 'SpreadElement' || nameOf(childOf(each, 'key')) === name,
  )
  const value = last && childOf(last, 'value')
  return value && unwrapped(value)
}

/** `name` and `object.name`, as text. */
function expressionName(node: Tree | undefined): readonly string[] {
  const expression = node && unwrapped(node)
  if (expression?.type === 'Identifier') return [String(expression.name)]
  if (expression?.type !== 'MemberExpression' || expression.computed === true) return []
  const object = childOf(expression, 'object')
  const property = childOf(expression, 'property')
  if (object?.type !== 'Identifier' || property?.type !== 'Identifier') return []
  return [`${object.name}.${property.name}`]
}

function rootOf(expression: string): string {
  return expression.split('.', 1)[0] ?? expression
}
