import { getOwnPropertyDescriptor, getPrototypeOf, ownKeys, Table } from './intrinsics.ts'
import { isObject, nameOfBuiltIn } from './named.ts'
import type { Kind } from './side.ts'

/** Keys of what crosses with an object: of a class, also of the classes that it extends, whose statics are its own. */
export function keysOf(target: object, kind: Kind): readonly PropertyKey[] {
  const keys = ownKeys(target)
  if (kind !== 'f') return keys
  const seen = new Table<PropertyKey, true>()
  for (let index = 0; index < keys.length; index++) seen.set(keys[index] ?? '', true)
  for (let holder = parentOf(target); holder; holder = parentOf(holder)) {
    const inherited = ownKeys(holder)
    for (let index = 0; index < inherited.length; index++) {
      const key = inherited[index]
      if (key === undefined || seen.has(key)) continue
      seen.set(key, true)
      keys[keys.length] = key
    }
  }
  return keys
}

/** The property that {@link keysOf} speaks of. */
export function propertyOf(
  target: object,
  kind: Kind,
  key: PropertyKey,
): PropertyDescriptor | undefined {
  const own = getOwnPropertyDescriptor(target, key)
  if (own || kind !== 'f') return own
  for (let holder = parentOf(target); holder; holder = parentOf(holder)) {
    const inherited = getOwnPropertyDescriptor(holder, key)
    if (inherited) return inherited
  }
  return undefined
}

/** The class that a class extends, where it is none of the language. */
function parentOf(target: object): object | undefined {
  const parent: unknown = getPrototypeOf(target)
  // What is no built-in object by name ends with the prototype of all functions, which has a text of its own.
  return isObject(parent) &&
    typeof parent === 'function' &&
    parent !== functions &&
    !nameOfBuiltIn(parent)
    ? parent
    : undefined
}

const functions: unknown = Function.prototype
