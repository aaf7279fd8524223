import {
  get,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  is,
  isArray,
  isExtensible,
  ownKeys,
} from './intrinsics.ts'
import type { Kind } from './side.ts'

/**
 * What an array or object literal of data looked like when its record came: to see that nothing of it changed is
 * quicker than to write its record again. What only its attributes could tell is left to whoever closes it.
 */
export interface Sight {
  /** `undefined` for an array without holes. */
  readonly keys: readonly PropertyKey[] | undefined
  readonly values: readonly unknown[]
}

const { prototype: plain } = Object

/** `undefined` for what has to be looked at closely. */
export function sightOf(target: object, kind: Kind): Sight | undefined {
  if (kind !== 'o' && kind !== 'a') return undefined
  const keys = ownKeys(target)
  const values: unknown[] = []
  if (isArray(target)) {
    if (keys.length !== target.length + 1) return undefined
    for (let index = 0; index < target.length; index++) values[index] = target[index]
    return { keys: undefined, values }
  }
  const prototype = getPrototypeOf(target)
  if (prototype !== plain && prototype !== null) return undefined
  for (let index = 0; index < keys.length; index++) {
    const property = getOwnPropertyDescriptor(target, keys[index] ?? '')
    if (!property || !('value' in property)) return undefined
    values[index] = property.value
  }
  return { keys, values }
}

export function isAsSeen(target: object, { keys, values }: Sight): boolean {
  if (!isExtensible(target)) return false
  if (isArray(target)) return hasElements(target, values)
  const now = ownKeys(target)
  if (!keys || now.length !== keys.length) return false
  for (let index = 0; index < keys.length; index++) {
    const key = now[index]
    if (key === undefined || key !== keys[index]) return false
    if (!is(get(target, key), values[index])) return false
  }
  return true
}

function hasElements(target: readonly unknown[], values: readonly unknown[]): boolean {
  if (target.length !== values.length || ownKeys(target).length !== values.length + 1) return false
  for (let index = 0; index < values.length; index++) {
    if (!is(target[index], values[index])) return false
  }
  return true
}
