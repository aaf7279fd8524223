import { types } from 'node:util'
import { dataMember, type Method, methodOf } from './members.ts'

/**
 * Puts a method of one object before the one it has, so that it is known when the caller uses it; the object stays the
 * very same, and what it was before comes back with the returned function. `undefined` for an object that cannot be
 * added to (frozen, sealed, a proxy) or has no such method: it is left alone.
 */
export function shadowMethod(
  object: object,
  key: string | symbol,
  make: (original: Method) => Method,
): (() => void) | undefined {
  if (types.isProxy(object)) return undefined
  const original = methodOf(object, key)
  const own = Object.getOwnPropertyDescriptor(object, key)
  if (!original || (own ? !own.configurable : !Object.isExtensible(object))) return undefined
  const enumerable = own?.enumerable ?? false
  const replacement = make(original)
  for (const about of ['name', 'length']) {
    Object.defineProperty(replacement, about, {
      value: dataMember(original, about),
      configurable: true,
    })
  }
  Object.defineProperty(object, key, {
    value: replacement,
    configurable: true,
    writable: true,
    enumerable,
  })
  return () => {
    if (Object.getOwnPropertyDescriptor(object, key)?.value !== replacement) return
    if (own) Object.defineProperty(object, key, own)
    else Reflect.deleteProperty(object, key)
  }
}
