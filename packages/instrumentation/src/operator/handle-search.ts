import { dataMember, itemReader, keysListedInVain, keysOf, shapeOf } from '../inspection/members.ts'
import { isNodeObject, type Node } from '../node.ts'
import { isParameterObject, type Parameter } from '../parameter/parameter.ts'
import { types } from '../runtime/types.ts'

/** Something that stands for a value of type `T`. */
export type Handle<T> = Node<T> | Parameter<T>

/** Levels of arrays, plain objects, maps and sets in one another in which handles are looked for. */
const mostDepth = 8
/** An object with more members is taken as it is: listing them would take longer than all the rest. */
const mostMembers = 20_000
/**
 * What a search may cost, in items of a list, beginning anew with each handle that it finds. Other things take as many times
 * longer as they are counted here.
 */
export const mostCost = 100_000
const costOfMember = 2
const costOfWideMember = 6
const fewMembers = 1_000
const costOfEntry = 8
const costOfObject = 3
const costOfHolder = 6
/** So many objects are looked into without noting which they were; one that is seen again costs little then. */
const mostUnnoted = 8

/** Told what a search finds; without one, a search ends with the first handle. */
export interface HandleVisitor {
  found(handle: Handle<unknown>, holder: object): void
  /** An object in which handles may be is in another one. Told once for each place. */
  nested(inner: object, holder: object): void
}

export function isHandle(object: object): object is Handle<unknown> {
  return isNodeObject(object) || isParameterObject(object)
}

/**
 * What handles are looked for in: an array, a plain object, and a map or a set of the platform's own class; one of a class of
 * its own is an instance like any other.
 */
export type Holder = 'list' | 'plain' | 'map' | 'set'

export function holderKind(object: object): Holder | 'handle' | undefined {
  const shape = shapeOf(object)
  if (shape === 'plain' || shape === 'list') return shape
  if (shape === 'proxy') return undefined
  if (isHandle(object)) return 'handle'
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype === Map.prototype && types.isMap(object)) return 'map'
  if (prototype === Set.prototype && types.isSet(object)) return 'set'
  return undefined
}

type Entries = (this: object) => Iterable<readonly [unknown, unknown]>
const mapEntries = Map.prototype.entries as Entries
const setEntries = Set.prototype.entries as Entries

/**
 * Finds nodes and parameters inside an object: nearer ones before deeper ones, so that a large member does not hide the next.
 * Runs no code of the program; bounded in depth and cost; safe for what contains itself.
 */
export class HandleSearch {
  readonly #visitor: HandleVisitor | undefined
  /** What is left of the cost that is allowed. */
  left: number
  hasFound = false
  #next: object[] | undefined
  #seen: Set<object> | undefined
  #unnoted = 0
  #vain = keysListedInVain()

  constructor(most: number, visitor?: HandleVisitor) {
    this.#visitor = visitor
    this.left = most
  }

  go(root: object): void {
    if (this.#visitor) this.#seen = new Set([root])
    if (!this.#open(root)) return
    for (let depth = 1; depth < mostDepth && this.#next; depth++) {
      const level = this.#next
      this.#next = undefined
      for (const holder of level) {
        this.left -= costOfHolder
        if (this.left < 0 || !this.#open(holder)) return
      }
    }
  }

  /** Looks at what an object holds; `false` ends the search. */
  #open(holder: object): boolean {
    if (Array.isArray(holder)) return this.#items(holder)
    const prototype: unknown = Object.getPrototypeOf(holder)
    // Only maps and sets have such a prototype and are holders.
    if (prototype === Map.prototype) return this.#entries(mapEntries.call(holder), holder)
    if (prototype === Set.prototype) return this.#entries(setEntries.call(holder), holder)
    const keys = keysOf(holder, mostMembers)
    if (!keys) return this.#mayGoOn()
    const cost = keys.length > fewMembers ? costOfWideMember : costOfMember
    for (let at = 0; at < keys.length; at++) {
      this.left -= cost
      if (this.left < 0) return false
      const member = dataMember(holder, keys[at] ?? '')
      if (typeof member === 'object' && member !== null && !this.#member(member, holder))
        return false
    }
    return true
  }

  /** Counts what it cost to find that an object has too many members. */
  #mayGoOn(): boolean {
    const vain = keysListedInVain()
    this.left -= costOfMember * (vain - this.#vain)
    this.#vain = vain
    return this.left >= 0
  }

  #items(list: readonly unknown[]): boolean {
    const itemOf = itemReader(list)
    for (let index = 0; index < list.length; index++) {
      if (--this.left < 0) return false
      const item = itemOf(list, index)
      if (typeof item === 'object' && item !== null && !this.#member(item, list)) return false
    }
    return true
  }

  #entries(entries: Iterable<readonly [unknown, unknown]>, holder: object): boolean {
    for (const [key, value] of entries) {
      this.left -= costOfEntry
      if (this.left < 0) return false
      if (typeof key === 'object' && key !== null && !this.#member(key, holder)) return false
      if (value === key || typeof value !== 'object' || value === null) continue
      if (!this.#member(value, holder)) return false
    }
    return true
  }

  #member(member: object, holder: object): boolean {
    this.left -= costOfObject
    const kind = holderKind(member)
    if (kind === undefined) return true
    if (kind === 'handle') {
      this.left = Math.max(this.left, mostCost)
      this.hasFound = true
      if (isHandle(member)) this.#visitor?.found(member, holder)
      return this.#visitor !== undefined
    }
    this.#visitor?.nested(member, holder)
    if (this.#seen?.has(member)) return true
    if (this.#seen || ++this.#unnoted > mostUnnoted) {
      this.#seen ??= new Set()
      this.#seen.add(member)
    }
    this.#next ??= []
    this.#next.push(member)
    return true
  }
}
