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
 * A handle for a value. For an object that an operator of this run produced, it is a handle for that output;
 * otherwise for an input from outside. A node is returned as it is.
 *
 * @example const ticket = node(await readTicket(), { name: 'ticket' })
 */
export function node<T>(value: T | Node<T>, options: { readonly name?: string } = {}): Node<T> {
  if (isNodeOf(value)) return value
  const part = findOrigin(value, currentState().lineage)?.part
  const origin = part && !isParameterUse(part.producer) ? originOf(part) : undefined
  return new Node(value, origin, options.name)
}
