import { isContainer } from '../inspection/members.ts'
import { isNode } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

const deepest = 12

/**
 * A request without nodes and parameters: their values stand in their place. The same object where there are none.
 * (A client that is not recorded needs no such copy: nodes and parameters become their values as JSON.)
 */
export function withoutHandles(
  value: unknown,
  read: (parameter: Parameter<unknown>) => unknown,
  depth = 0,
): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isNode(value)) return value.value
  if (isParameter(value)) return read(value)
  // Tokens and vectors are long, and have nothing inside.
  if (depth === deepest || !isContainer(value) || isNumbers(value)) return value
  let copy: object | undefined
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key)
    const plain = withoutHandles(member, read, depth + 1)
    if (plain === member) continue
    // The client's helpers mark schemas and tools with members that are not enumerable.
    copy ??= Array.isArray(value)
      ? [...value]
      : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value))
    if (copy) Reflect.set(copy, key, plain)
  }
  return copy ?? value
}

function isNumbers(value: object): boolean {
  return Array.isArray(value) && typeof value[0] === 'number'
}
