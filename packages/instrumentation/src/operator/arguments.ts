import { types } from 'node:util'
import { dataMember, keysOf, shapeOf } from '../inspection/members.ts'
import { isNodeObject, type Node } from '../node.ts'
import { isParameterObject, type Parameter } from '../parameter/parameter.ts'

/** What a bundle takes where its function takes a `T`: the value, a node or a parameter that has it, or an object of such. */
export type Passed<T> =
  | T
  | Handle<T>
  | (T extends object ? { [K in keyof T]: T[K] | Handle<T[K]> } : never)

/** Something that stands for a value of type `T`. */
export type Handle<T> = Node<T> | Parameter<T>

export type PassedArguments<Args extends readonly unknown[]> = {
  [K in keyof Args]: Passed<Args[K]>
}

/** What a parameter is worth in the current run. */
export type ReadParameter = (parameter: Parameter<unknown>) => unknown

/** Levels of arrays, plain objects, maps and sets in one another in which handles are looked for. */
const mostDepth = 4
/** Members of an argument that are looked at, and of those inside them. */
const mostMembers = 10_000
const mostDeeper = 1_000

/**
 * The plain values of arguments that may be nodes or parameters, or hold such in their arrays, plain objects, maps and sets:
 * a copy with the values takes the place of what holds one. Everything else stays the very same.
 */
export function plainArguments(args: readonly unknown[], read: ReadParameter): readonly unknown[] {
  let plain: unknown[] | undefined
  let unwrapping: Unwrapping | undefined
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]
    if (typeof arg !== 'object' || arg === null) continue
    unwrapping ??= new Unwrapping(read)
    const value = unwrapping.argument(arg)
    if (value === arg) continue
    plain ??= [...args]
    plain[index] = value
  }
  return plain ?? args
}

class Unwrapping {
  readonly #read: ReadParameter
  #left = mostMembers
  #leftDeeper = mostDeeper

  constructor(read: ReadParameter) {
    this.#read = read
  }

  argument(arg: object): unknown {
    this.#left = mostMembers
    this.#leftDeeper = mostDeeper
    return this.value(arg, 0)
  }

  /** The value without handles; the same one where there are none. */
  value(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null) return value
    const shape = shapeOf(value)
    const isClosed = depth === mostDepth || (depth > 0 && this.#leftDeeper <= 0)
    if (shape === 'plain') return isClosed ? value : this.#object(value, depth + 1)
    if (shape === 'list' && Array.isArray(value)) {
      return isClosed ? value : this.#list(value, depth + 1)
    }
    if (shape === 'proxy') return value
    if (isNodeObject(value)) return value.value
    if (isParameterObject(value)) return this.#read(value)
    if (isClosed) return value
    if (types.isMap(value)) return this.#map(value, depth + 1)
    return types.isSet(value) ? this.#set(value, depth + 1) : value
  }

  #mayLook(depth: number): boolean {
    return depth === 1 ? --this.#left >= 0 : --this.#leftDeeper >= 0
  }

  #list(list: readonly unknown[], depth: number): readonly unknown[] {
    let copy: unknown[] | undefined
    for (let index = 0; index < list.length && this.#mayLook(depth); index++) {
      const member = list[index]
      const plain = this.value(member, depth)
      if (plain === member) continue
      copy ??= [...list]
      copy[index] = plain
    }
    return copy ?? list
  }

  #object(object: object, depth: number): object {
    let copy: object | undefined
    for (const key of keysOf(object) ?? []) {
      if (!this.#mayLook(depth)) break
      const member = dataMember(object, key)
      const plain = this.value(member, depth)
      if (Object.is(plain, member)) continue
      copy ??= cloneOf(object)
      const attributes = { enumerable: true, configurable: true, writable: true }
      Object.defineProperty(copy, key, { ...attributes, value: plain })
    }
    return copy ?? object
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): ReadonlyMap<unknown, unknown> {
    const plain = this.#members(Map.prototype.values.call(map), depth)
    return plain ? new Map([...map.keys()].map((key, at) => [key, plain[at]])) : map
  }

  #set(set: ReadonlySet<unknown>, depth: number): ReadonlySet<unknown> {
    const plain = this.#members(Set.prototype.values.call(set), depth)
    return plain ? new Set(plain) : set
  }

  /** All members of a map or set without handles; `undefined` where there are no handles. */
  #members(members: Iterable<unknown>, depth: number): readonly unknown[] | undefined {
    const plain: unknown[] = []
    let isChanged = false
    for (const member of members) {
      if (!this.#mayLook(depth)) {
        if (!isChanged) return undefined
        plain.push(member)
        continue
      }
      plain.push(this.value(member, depth))
      isChanged ||= !Object.is(plain.at(-1), member)
    }
    return isChanged ? plain : undefined
  }
}

/** Getters, and members that are not enumerable, stay what they are. */
function cloneOf(object: object): object {
  return Object.create(Object.getPrototypeOf(object), Object.getOwnPropertyDescriptors(object))
}
