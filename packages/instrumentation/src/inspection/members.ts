import { types } from 'node:util'

/**
 * Ways to look at a value of the program without running any of the program's code: no getter, no trap of a proxy, no
 * method. The recorder looks at values in no other way.
 */

/** An object with more own members than this is not listed: listing it would cost more than anything kept of it. */
const mostKeys = 5_000
const tooWide = new WeakMap<object, number>()
let knowsWide = false

/** The own enumerable string keys of an object; `undefined` for one with more than 5,000, which is listed once only. */
export function keysOf(object: object): readonly string[] | undefined {
  if (knowsWide && tooWide.has(object)) return undefined
  let keys: readonly string[]
  try {
    keys = Object.keys(object)
  } catch {
    // The namespace of a module that is still being evaluated.
    return []
  }
  if (keys.length <= mostKeys) return keys
  tooWide.set(object, keys.length)
  knowsWide = true
  return undefined
}

/** How many members an object had that {@link keysOf} does not list. */
export function widthOf(object: object): number | undefined {
  return tooWide.get(object)
}

/** An own data member; `undefined` where there is none, or a getter. */
export function dataMember(object: object, key: PropertyKey): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, key)?.value
  } catch {
    return undefined
  }
}

/** Whether a member is a getter or setter, whose value only the program's code knows. */
export function isAccessor(object: object, key: PropertyKey): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(object, key)
  return descriptor !== undefined && !('value' in descriptor)
}

/** Prototypes of prototypes that are looked at. */
const mostPrototypes = 100

/** The descriptor of a member that an object has or inherits; `undefined` past a proxy. */
export function descriptorOf(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  let holder: object | null = object
  for (let level = 0; holder !== null && level < mostPrototypes; level++) {
    if (types.isProxy(holder)) return undefined
    const descriptor = Object.getOwnPropertyDescriptor(holder, key)
    if (descriptor) return descriptor
    holder = Object.getPrototypeOf(holder)
  }
  return undefined
}

/** A data member of an object or of what it inherits from; `undefined` past a getter or a proxy. */
export function inheritedMember(object: object, key: PropertyKey): unknown {
  return descriptorOf(object, key)?.value
}

export type Method = (this: unknown, ...args: readonly unknown[]) => unknown

/** A method that an object has or inherits as a data member. */
export function methodOf(object: object, key: PropertyKey): Method | undefined {
  const member = inheritedMember(object, key)
  return typeof member === 'function' ? (member as Method) : undefined
}

/** Whether an object inherits from a prototype, asking no `Symbol.hasInstance`. */
export function inherits(object: object, prototype: object | undefined): boolean {
  if (prototype === undefined) return false
  let holder: object | null = object
  for (let level = 0; holder !== null && level < mostPrototypes; level++) {
    if (types.isProxy(holder)) return false
    holder = Object.getPrototypeOf(holder)
    if (holder === prototype) return true
  }
  return false
}

/** What an object is, as far as looking into it goes. */
export type Shape = 'plain' | 'list' | 'proxy' | 'other'

/** Tells an array and a plain object from the rest. An object that may be a proxy is asked nothing else before. */
export function shapeOf(object: object): Shape {
  if (types.isProxy(object)) return 'proxy'
  if (Array.isArray(object)) return 'list'
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null ? 'plain' : 'other'
}

/** What can be looked into without running code: an array or a plain object, and no proxy of one. */
export function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const shape = shapeOf(value)
  return shape === 'plain' || shape === 'list'
}

/** The name of the class that an object is an instance of. */
export function classNameOf(object: object): string {
  if (types.isProxy(object)) return 'Proxy'
  const make = inheritedMember(object, 'constructor')
  const name = typeof make === 'function' && !types.isProxy(make) ? dataMember(make, 'name') : ''
  return typeof name === 'string' && name !== '' && name.length <= 100 ? name : 'Object'
}
