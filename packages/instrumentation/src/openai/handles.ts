import { isContainer } from '../inspection/members.ts'
import { isNode } from '../node.ts'
import { isParameter, type Parameter } from '../parameter/parameter.ts'

const deepest = 12

type Read = (parameter: Parameter<unknown>) => unknown

/**
 * A request without nodes and parameters: their values stand in their place. The same object where there are none.
 * (A client that is not recorded needs no such copy: nodes and parameters become their values as JSON.)
 */
export function withoutHandles(value: unknown, read: Read): unknown {
  return plain(value, read, new Map(), 0)
}

/** `done` has what each object became, so that shared ones are looked at once and those in a circle not for ever. */
function plain(value: unknown, read: Read, done: Map<object, unknown>, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isNode(value)) return value.value
  if (isParameter(value)) return read(value)
  // Tokens and vectors are long, and have nothing inside.
  if (depth === deepest || !isContainer(value) || isNumbers(value)) return value
  if (done.has(value)) return done.get(value)
  done.set(value, value)
  let copy: object | undefined
  for (const key of Object.keys(value)) {
    const member: unknown = Reflect.get(value, key)
    const inside = plain(member, read, done, depth + 1)
    if (inside === member) continue
    copy ??= copied(value)
    // What is frozen is copied all the same.
    Object.defineProperty(copy, key, {
      value: inside,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
  if (copy) done.set(value, copy)
  return copy ?? value
}

/** The client's helpers mark schemas and tools with members that are not enumerable. */
function copied(value: object): object {
  if (Array.isArray(value)) return [...value]
  const members = Object.getOwnPropertyDescriptors(value)
  for (const descriptor of Object.values<PropertyDescriptor>(members))
    descriptor.configurable = true
  return Object.create(Object.getPrototypeOf(value), members)
}

function isNumbers(value: object): boolean {
  return Array.isArray(value) && typeof value[0] === 'number'
}
