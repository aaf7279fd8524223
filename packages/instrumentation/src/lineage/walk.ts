import { pointerToken } from '@trace2/core'
import {
  isContainer,
  itemReader,
  keysListedInVain,
  keysOf,
  shapeOf,
} from '../inspection/members.ts'
import { types } from '../runtime/types.ts'

/** Values inside one value that are looked at, and how deep they may lie. */
const mostNodes = 1_000
const mostDepth = 8
/** Keys that are listed in the time of looking at a value. */
const keysPerNode = 16
/** A member with a longer name has no pointer that anyone would write. */
const longestKey = 1_000

/** How many values may still be looked at, where one walk of several has taken some. */
export interface WalkBudget {
  left: number
}

/** What all values of one call may take together. */
export function callBudget(): WalkBudget {
  return { left: 4 * mostNodes }
}

/** Told about each value; `false` leaves out what is inside it. */
export type Visit = (value: unknown, pointer: string) => boolean | undefined

/**
 * Visits a value and what is inside its plain objects, arrays, maps and sets, with the JSON pointer of each: nearer ones
 * before deeper ones, so that a large member does not hide the next. A subtree whose visitor returns `false` is left out.
 * Bounded in depth and number, safe for values that contain themselves, and runs no code of the program.
 */
export function walk(value: unknown, visit: Visit, budget: WalkBudget = callBudget()): void {
  if (visit(value, '') === false || typeof value !== 'object' || value === null) return
  new Walk(visit, budget, false).go(value)
}

/** As {@link walk}, for the objects alone. */
export function walkObjects(
  value: object,
  visit: (value: object, pointer: string) => boolean | undefined,
  budget: WalkBudget = callBudget(),
): void {
  if (visit(value, '') === false) return
  const visitObject: Visit = (member, pointer) =>
    typeof member === 'object' && member !== null ? visit(member, pointer) : false
  new Walk(visitObject, budget, true).go(value)
}

interface Place {
  readonly container: object
  readonly pointer: string
}

/** Goes through a value level by level. */
class Walk {
  readonly #visit: Visit
  readonly #budget: WalkBudget
  readonly #objectsOnly: boolean
  readonly #leaveAt: number
  #next: Place[] | undefined
  #vain = keysListedInVain()

  constructor(visit: Visit, budget: WalkBudget, objectsOnly: boolean) {
    this.#visit = visit
    this.#budget = budget
    this.#objectsOnly = objectsOnly
    this.#leaveAt = Math.max(0, budget.left - mostNodes)
  }

  go(root: object): void {
    this.#members(root, '')
    for (let depth = 1; depth < mostDepth && this.#next; depth++) {
      const level = this.#next
      this.#next = undefined
      for (const { container, pointer } of level) {
        if (!this.#members(container, pointer)) return
      }
    }
  }

  /** Visits each member; `false` where the budget is spent. */
  #members(container: object, pointer: string): boolean {
    const shape = shapeOf(container)
    if (shape === 'plain') {
      const keys = keysOf(container)
      if (!keys) return this.#mayGoOn()
      for (const key of keys) {
        const member: unknown = Object.getOwnPropertyDescriptor(container, key)?.value
        if (!this.#member(member, key, pointer)) return false
      }
      return true
    }
    if (shape === 'list' && Array.isArray(container)) {
      const itemOf = itemReader(container)
      for (let index = 0; index < container.length; index++) {
        if (!this.#member(itemOf(container, index), index, pointer)) return false
      }
      return true
    }
    if (shape === 'proxy') return true
    // Maps and sets are written as objects with one member, which has their entries.
    if (types.isMap(container)) {
      return this.#member([...firstOf(Map.prototype.entries.call(container))], '[Map]', pointer)
    }
    if (!types.isSet(container)) return true
    return this.#member([...firstOf(Set.prototype.values.call(container))], '[Set]', pointer)
  }

  /** Counts what it cost to find that an object has too many members. */
  #mayGoOn(): boolean {
    const vain = keysListedInVain()
    this.#budget.left -= Math.floor((vain - this.#vain) / keysPerNode)
    this.#vain = vain
    return this.#budget.left > this.#leaveAt
  }

  #member(member: unknown, key: string | number, pointer: string): boolean {
    if (--this.#budget.left <= this.#leaveAt) return false
    if (typeof key === 'string' && key.length > longestKey) return true
    const isObject = typeof member === 'object' && member !== null
    if (this.#objectsOnly && !isObject) return true
    const at = pointer + (typeof key === 'string' ? pointerToken(key) : `/${key}`)
    if (this.#visit(member, at) !== false && isObject) {
      this.#next ??= []
      this.#next.push({ container: member, pointer: at })
    }
    return true
  }
}

/** Whether a value can be looked into: a plain object, an array, a map or a set; an instance of a class is one value. */
export function isOpen(value: unknown): value is object {
  return isContainer(value) || types.isMap(value) || types.isSet(value)
}

function* firstOf(entries: Iterable<unknown>): Iterable<unknown> {
  let left = mostNodes
  for (const entry of entries) {
    if (left-- === 0) return
    yield entry
  }
}
