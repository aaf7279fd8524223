import { types } from 'node:util'
import { dataMember, keysOf, shapeOf } from '../inspection/members.ts'
import { isNodeObject, type Node } from '../node.ts'
import { isParameterObject, type Parameter } from '../parameter/parameter.ts'

/**
 * What a bundle takes where its function takes a `T`: the value, a node or a parameter that has it, or a list, a plain
 * object, a Set or a Map of such, however deep.
 */
export type Passed<T> = T | Handle<T> | Holding<T>

type Holding<T> = T extends (...args: never[]) => unknown
  ? never
  : T extends ReadonlySet<infer Item>
    ? ReadonlySet<Passed<Item>>
    : T extends ReadonlyMap<infer Key, infer Item>
      ? ReadonlyMap<Passed<Key>, Passed<Item>>
      : T extends object
        ? { [K in keyof T]: Passed<T[K]> }
        : never

/** Something that stands for a value of type `T`. */
export type Handle<T> = Node<T> | Parameter<T>

export type PassedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: Passed<Args[K]>
}

/** What a parameter is worth in the current run. */
export type ReadParameter = (parameter: Parameter<unknown>) => unknown

/** Levels of arrays, plain objects, maps and sets in one another in which handles are looked for. */
const mostDepth = 8
/** Members of an argument that are looked at, and of those inside them. */
const mostMembers = 50_000
/** Entries of one map or set that are looked at: each takes several times as long as a member of a list. */
const mostEntries = 10_000
const mostDeeper = 1_000

/**
 * The plain values of arguments that may be nodes or parameters, or hold such in their arrays, plain objects, maps and sets:
 * a copy with the values takes the place of what holds one. Everything else stays the very same.
 */
export function plainArguments(args: readonly unknown[], read: ReadParameter): readonly unknown[] {
  let plain: unknown[] | undefined
  let replacement: Replacement | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    replacement ??= new Replacement((handle) =>
      isNodeObject(handle) ? handle.value : read(handle),
    )
    const value = replacement.argument(arg)
    if (value === arg) continue
    plain ??= [...args]
    plain[index] = value
  }
  return plain ?? args
}

/** The nodes and parameters that an argument is or has in it, as far as {@link plainArguments} looks. */
export function handlesIn(arg: object): readonly Handle<unknown>[] {
  const handles = new Set<Handle<unknown>>()
  new Replacement((handle) => handles.add(handle)).argument(arg)
  return [...handles]
}

/** Puts something in the place of each node and parameter. */
class Replacement {
  readonly #replace: (handle: Handle<unknown>) => unknown
  #copies: Map<object, object> | undefined
  #left = 0
  #leftDeeper = 0

  constructor(replace: (handle: Handle<unknown>) => unknown) {
    this.#replace = replace
  }

  /** The argument without handles; the same one where there are none. */
  argument(arg: object): unknown {
    this.#left = mostMembers
    this.#leftDeeper = mostDeeper
    return this.#value(arg, 0)
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value
    const copy = this.#copies?.get(value)
    if (copy) return copy
    const shape = shapeOf(value)
    if (shape === 'proxy') return value
    const isClosed = depth === mostDepth || (depth > 0 && this.#leftDeeper <= 0)
    if (shape === 'plain') return isClosed ? value : this.#object(value, depth + 1)
    if (shape === 'list' && Array.isArray(value)) {
      return isClosed ? value : this.#list(value, depth + 1)
    }
    if (isNodeObject(value) || isParameterObject(value)) return this.#replace(value)
    if (isClosed) return value
    // One of a class of its own is an instance like any other.
    const prototype: unknown = Object.getPrototypeOf(value)
    if (types.isMap(value) && prototype === Map.prototype) return this.#map(value, depth + 1)
    if (types.isSet(value) && prototype === Set.prototype) return this.#set(value, depth + 1)
    return value
  }

  /** Notes what takes the place of an object, wherever else that is found. */
  #copied<T extends object>(original: object, copy: T): T {
    this.#copies ??= new Map()
    this.#copies.set(original, copy)
    return copy
  }

  #mayLook(depth: number): boolean {
    return depth === 1 ? --this.#left >= 0 : --this.#leftDeeper >= 0
  }

  #list(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length && this.#mayLook(depth); index++) {
      const member = list[index]
      const plain = this.#value(member, depth)
      if (Object.is(plain, member)) continue
      copy ??= this.#copied(list, [...list])
      copy[index] = plain
    }
    return copy ?? list
  }

  #object(object: object, depth: number): object {
    let copy: object | undefined
    for (const key of keysOf(object) ?? []) {
      if (!this.#mayLook(depth)) break
      const member = dataMember(object, key)
      const plain = this.#value(member, depth)
      if (Object.is(plain, member)) continue
      copy ??= this.#copied(object, cloneOf(object))
      const attributes = { enumerable: true, configurable: true, writable: true }
      Object.defineProperty(copy, key, { ...attributes, value: plain })
    }
    return copy ?? object
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): ReadonlyMap<unknown, unknown> {
    const values = this.#changed(Map.prototype.values.call(map), depth)
    const keys = this.#changed(Map.prototype.keys.call(map), depth)
    if (!values && !keys) return map
    const plain = new Map<unknown, unknown>()
    let at = 0
    for (const [key, value] of Map.prototype.entries.call(map)) {
      plain.set(keys?.has(at) ? keys.get(at) : key, values?.has(at) ? values.get(at) : value)
      at++
    }
    return this.#copied(map, plain)
  }

  #set(set: ReadonlySet<unknown>, depth: number): ReadonlySet<unknown> {
    const changed = this.#changed(Set.prototype.values.call(set), depth)
    if (!changed) return set
    const plain = new Set<unknown>()
    let at = 0
    for (const member of Set.prototype.values.call(set)) {
      plain.add(changed.has(at) ? changed.get(at) : member)
      at++
    }
    return this.#copied(set, plain)
  }

  /** What takes the place of the members of a map or set that are or hold handles, by position. */
  #changed(members: Iterable<unknown>, depth: number): ReadonlyMap<number, unknown> | undefined {
    let changed: Map<number, unknown> | undefined
    let at = 0
    for (const member of members) {
      if (at === mostEntries || !this.#mayLook(depth)) break
      const plain = this.#value(member, depth)
      if (!Object.is(plain, member)) {
        changed ??= new Map()
        changed.set(at, plain)
      }
      at++
    }
    return changed
  }
}

/** Getters, and members that are not enumerable, stay what they are. */
function cloneOf(object: object): object {
  return Object.create(Object.getPrototypeOf(object), Object.getOwnPropertyDescriptors(object))
}
