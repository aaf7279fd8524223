import { isExtensible, isFrozen, isSealed } from './intrinsics.ts'
import type { Kind } from './side.ts'

/** Attributes of a property as a number: 1 writable, 2 enumerable, 4 configurable. */
export function bitsOf(property: PropertyDescriptor, field: 'value' | 'lazy'): number {
  if (field === 'lazy') return property.enumerable ? 7 : 5
  const writable =
    'value' in property
      ? property.writable
      : property.set !== undefined || property.get !== undefined
  return (writable ? 1 : 0) + (property.enumerable ? 2 : 0) + (property.configurable ? 4 : 0)
}

/** How closed an object is: 1 takes no more properties, 2 is sealed, 3 is frozen. */
export function flagsOf(target: object, kind: Kind): number {
  if (kind === 'f' || kind === 'g' || kind === 'v' || isExtensible(target)) return 0
  if (isFrozen(target)) return 3
  return isSealed(target) ? 2 : 1
}
