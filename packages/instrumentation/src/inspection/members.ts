import { types } from '../runtime/types.ts'

/**
 * Ways to look at a value of the program without running any of the program's code: no getter, no trap of a proxy, no
 * method. The recorder looks at values in no other way.
 */

/**
 * An object with more own members than this is not listed for what is written of it: listing it would cost more than anything
 * kept of it.
 */
const mostWritten = 5_000
/** Keys of a wide object by which it is known, without listing it again, whether it still is. */
const sampled = 64

interface Width {
  readonly count: number
  readonly sample: readonly string[]
}

const widths = new WeakMap<object, Width>()
let knowsWide = false
let vain = 0

/** The own enumerable string keys of an object; `undefined` for one with more, which is not listed again while it is so wide. */
export function keysOf(object: object, most = mostWritten): readonly string[] | undefined {
  if (knowsWide && widthNow(object) > most) return undefined
  let keys: readonly string[]
  try {
    keys = Object.keys(object)
  } catch {
    // The namespace of a module that is still being evaluated.
    return []
  }
  if (keys.length > mostWritten) noteWidth(object, keys)
  if (keys.length <= most) return keys
  vain += keys.length
  return undefined
}

/** How many keys were listed so far of objects that turned out to have too many: what that cost. */
export function keysListedInVain(): number {
  return vain
}

function noteWidth(object: object, keys: readonly string[]): void {
  const sample: string[] = []
  for (let at = 0; at < sampled; at++) {
    sample.push(keys[Math.floor((at * (keys.length - 1)) / (sampled - 1))] ?? '')
  }
  widths.set(object, { count: keys.length, sample })
  knowsWide = true
}

/** About how many members an object has that was wide: as many as before, less those that are gone from the sample. */
function widthNow(object: object): number {
  const width = widths.get(object)
  if (!width) return 0
  let left = 0
  for (const key of width.sample) if (Object.hasOwn(object, key)) left++
  return Math.round((width.count * left) / sampled)
}

/** How many members an object had that {@link keysOf} does not list. */
export function widthOf(object: object): number | undefined {
  return widths.get(object)?.count
}

/** An own data member; `undefined` where there is none, or a getter. */
export function dataMember(object: object, key: PropertyKey): unknown {
  try {
    return Object.getOwnPropertyDescriptor(object, key)?.value
  } catch {
    return undefined
  }
}

type Lookup = (this: object, key: PropertyKey) => unknown

// A fourth of the cost of a descriptor. Not in the standard's main part, so that a platform may be without it.
const foundLookup: unknown = Reflect.get(Object.prototype, '__lookupGetter__')
const lookupGetter = typeof foundLookup === 'function' ? (foundLookup as Lookup) : undefined

/** Reads an item of a list: `undefined` for a hole, and for a getter, which is not run. */
export type ItemReader = (list: readonly unknown[], index: number) => unknown

const byLookup: ItemReader = (list, index) =>
  lookupGetter?.call(list, index) === undefined ? list[index] : undefined

/** How to read the items of a list. What it inherits may be a proxy, where it is not an array like any other. */
export function itemReader(list: readonly unknown[]): ItemReader {
  return lookupGetter && Object.getPrototypeOf(list) === Array.prototype ? byLookup : dataMember
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
  if (prototype === Object.prototype || prototype === null) return 'plain'
  if (prototype === lastOther) return 'other'
  if (isForeignPlain(prototype)) return 'plain'
  lastOther = prototype
  return 'other'
}

/** The class that was met last, for the next of its instances. */
let lastOther: unknown

/** Whether a prototype is the `Object.prototype` of another realm: of a `vm` context, as test runners use them. */
function isForeignPlain(prototype: unknown): boolean {
  if (typeof prototype !== 'object' || prototype === null || types.isProxy(prototype)) return false
  if (Object.getPrototypeOf(prototype) !== null) return false
  const make = dataMember(prototype, 'constructor')
  return (
    typeof make === 'function' &&
    !types.isProxy(make) &&
    dataMember(make, 'prototype') === prototype &&
    dataMember(make, 'name') === 'Object'
  )
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
