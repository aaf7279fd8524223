import type { Node } from 'acorn'

/** A node of the syntax tree, of which any member may be asked for. */
export type Tree = Node & { readonly [key: string]: unknown }

export function isTree(value: unknown): value is Tree {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'type') === 'string' &&
    typeof Reflect.get(value, 'start') === 'number'
  )
}

/** The nodes directly below a node, in the order of the source. */
export function childrenOf(node: Tree): Tree[] {
  return Object.values(node).flatMap((value) =>
    isTree(value) ? [value] : Array.isArray(value) ? value.filter(isTree) : [],
  )
}

/** The node under a key; `undefined` if there is none. */
export function childOf(node: Tree, key: string): Tree | undefined {
  const child = node[key]
  return isTree(child) ? child : undefined
}

/** The nodes in the list under a key; empty if there is none. */
export function listOf(node: Tree, key: string): Tree[] {
  const list = node[key]
  return Array.isArray(list) ? list.filter(isTree) : []
}

/** Tells whether a node is a function. */
export function isFunction(node: Tree): boolean {
  return /^(?:Function(?:Expression|Declaration)|ArrowFunctionExpression)$/.test(node.type)
}

export function isClass(node: Tree): boolean {
  return node.type === 'ClassExpression' || node.type === 'ClassDeclaration'
}
