import { isNode, Node } from './lineage/node.ts'
import { findOrigin } from './lineage/origins.ts'
import { originOf } from './lineage/producer.ts'
import { currentState } from './operator/frame.ts'
import { isParameterUse } from './parameter/use.ts'

export { isNode, isNodeObject, Node } from './lineage/node.ts'

/** What is a node and a `T` or a node of a `T` is the latter. */
function isNodeOf<T>(value: T | Node<T>): value is Node<T> {
  return isNode(value)
}

/**
 * Makes a node of a value. If an operator of this run produced the object, the node has that origin. Otherwise it is an
 * input from outside. A node is returned unchanged.
 *
 * @example const ticket = node(await readTicket(), { name: 'ticket' })
 */
export function node<T>(value: T | Node<T>, options: { readonly name?: string } = {}): Node<T> {
  if (isNodeOf(value)) return value
  const part = findOrigin(value, currentState().lineage)?.part
  const origin = part && !isParameterUse(part.producer) ? originOf(part) : undefined
  return new Node(value, origin, options.name)
}
