import { types } from '../runtime/types.ts'
import { dataMember, type Method, methodOf } from './members.ts'

/** A method that was put before another, with what the object had before. */
interface Layer {
  readonly before: PropertyDescriptor | undefined
  isOn: boolean
}

/** By the function that was put there. */
const layers = new WeakMap<object, Layer>()

/**
 * Puts a method of one object before the one it has, so that it is known when the caller uses it; the object stays the
 * very same, and what it was before comes back with the returned function, in whatever order several are taken off.
 * What is made is to pass calls on once its layer is off. `undefined` for an object that cannot be added to (frozen, sealed, a proxy) or has no such method: it is left alone.
 */
export function shadowMethod(
  object: object,
  key: string | symbol,
  make: (original: Method, layer: { readonly isOn: boolean }) => Method,
): (() => void) | undefined {
  if (types.isProxy(object)) return undefined
  const original = methodOf(object, key)
  const before = Object.getOwnPropertyDescriptor(object, key)
  if (!original || (before ? !before.configurable : !Object.isExtensible(object))) return undefined
  const enumerable = before?.enumerable ?? false
  const layer: Layer = { before, isOn: true }
  const replacement = make(original, layer)
  layers.set(replacement, layer)
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
    layer.isOn = false
    uncover(object, key)
  }
}

/** Takes off what is not needed any more, down to what still is, or to what the object had. */
function uncover(object: object, key: string | symbol): void {
  for (;;) {
    const top: unknown = dataMember(object, key)
    const layer = typeof top === 'function' ? layers.get(top) : undefined
    if (!layer || layer.isOn) return
    if (layer.before) Object.defineProperty(object, key, layer.before)
    else Reflect.deleteProperty(object, key)
  }
}
