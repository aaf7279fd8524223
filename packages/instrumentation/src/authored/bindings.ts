import {
  blockNames,
  boundNames,
  childOf,
  functionNames,
  isFunction,
  listOf,
  type Tree,
} from '@trace2/source'
import type { Placed } from './module-text.ts'

/**
 * The names among `free` that a function has from around it, and that mean the same where it is recorded. What is
 * declared nowhere around it is the runtime's.
 */
export function sharedBindings(free: Iterable<string>, fn: Placed, call: Placed): string[] {
  const atFunction = fn.around.map(declaredBy)
  const atCall = call.around.map(declaredBy)
  return [...free].filter((name) => {
    const there = atFunction.findLastIndex((names) => names.has(name))
    const here = atCall.findLastIndex((names) => names.has(name))
    return there >= 0 && fn.around[there] === call.around[here]
  })
}

const known = new WeakMap<Tree, ReadonlySet<string>>()

/** The names that hold within a node because of itself; worked out once for all functions in it. */
function declaredBy(node: Tree): ReadonlySet<string> {
  const names = known.get(node) ?? namesIn(node)
  known.set(node, names)
  return names
}

function namesIn(node: Tree): ReadonlySet<string> {
  switch (node.type) {
    case 'Program':
      return new Set([...moduleNames(listOf(node, 'body')), ...functionNames(node)])
    case 'BlockStatement':
    case 'StaticBlock':
      return new Set(blockNames(listOf(node, 'body')))
    case 'ForStatement':
      return new Set(blockNames(onlyTrees(childOf(node, 'init'))))
    case 'ForInStatement':
    case 'ForOfStatement':
      return new Set(blockNames(onlyTrees(childOf(node, 'left'))))
    case 'CatchClause':
      return new Set(boundNames(childOf(node, 'param')))
    case 'ClassExpression':
      return new Set(boundNames(childOf(node, 'id')))
    default:
      return isFunction(node) ? functionScope(node) : new Set()
  }
}

function functionScope(node: Tree): ReadonlySet<string> {
  const body = childOf(node, 'body')
  return new Set([
    ...(node.type === 'FunctionExpression' ? boundNames(childOf(node, 'id')) : []),
    ...listOf(node, 'params').flatMap(boundNames),
    ...(body?.type === 'BlockStatement' ? functionNames(body) : []),
  ])
}

function moduleNames(statements: readonly Tree[]): string[] {
  return statements.flatMap((statement) => {
    const declared = childOf(statement, 'declaration') ?? statement
    if (declared.declare === true || declared.importKind === 'type') return []
    if (declared.type === 'ImportDeclaration') {
      return listOf(declared, 'specifiers')
        .filter(({ importKind }) => importKind !== 'type')
        .flatMap((specifier) => boundNames(childOf(specifier, 'local')))
    }
    if (declared.type === 'TSEnumDeclaration') return boundNames(childOf(declared, 'id'))
    return blockNames([declared])
  })
}

function onlyTrees(node: Tree | undefined): Tree[] {
  return node ? [node] : []
}
