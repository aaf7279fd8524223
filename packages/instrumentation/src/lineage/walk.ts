import { types } from 'node:util'
import { isContainer, keysOf } from '../inspection/members.ts'
import { pointerToken } from '../semconv/reference.ts'

/** Values inside one value that are looked at, and how deep they may lie. */
const mostNodes = 1_000
const mostDepth = 8

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
  if (visit(value, '') === false || !isOpen(value)) return
  const leaveAt = Math.max(0, budget.left - mostNodes)
  let level: readonly Place[] = [{ container: value, pointer: '' }]
  for (let depth = 0; depth < mostDepth && level.length > 0; depth++) {
    const next: Place[] = []
    for (const { container, pointer } of level) {
      const isDone = eachMember(container, (member, token) => {
        if (--budget.left <= leaveAt) return false
        const at = pointer + token
        if (visit(member, at) !== false && isOpen(member))
          next.push({ container: member, pointer: at })
        return true
      })
      if (!isDone) return
    }
    level = next
  }
}

/** As {@link walk}, for the objects alone. */
export function walkObjects(
  value: object,
  visit: (value: object, pointer: string) => boolean | undefined,
  budget?: WalkBudget,
): void {
  const visitObject: Visit = (member, pointer) =>
    typeof member === 'object' && member !== null ? visit(member, pointer) : false
  walk(value, visitObject, budget)
}

interface Place {
  readonly container: object
  readonly pointer: string
}

/** Whether a value can be looked into: a plain object, an array, a map or a set; an instance of a class is one value. */
export function isOpen(value: unknown): value is object {
  return isContainer(value) || types.isMap(value) || types.isSet(value)
}

/** Calls `visit` with each member and its pointer token until it returns `false`; returns whether it came to the end. */
function eachMember(
  container: object,
  visit: (member: unknown, token: string) => boolean,
): boolean {
  if (Array.isArray(container)) {
    for (let index = 0; index < container.length; index++) {
      if (!visit(container[index], `/${index}`)) return false
    }
    return true
  }
  if (types.isMap(container)) return eachEntry(container, visit)
  if (types.isSet(container)) {
    let index = 0
    for (const member of Set.prototype.values.call(container)) {
      if (!visit(member, `/[Set]/${index++}`)) return false
    }
    return true
  }
  for (const key of keysOf(container) ?? []) {
    const member: unknown = Object.getOwnPropertyDescriptor(container, key)?.value
    if (!visit(member, pointerToken(key))) return false
  }
  return true
}

function eachEntry(
  map: Map<unknown, unknown>,
  visit: (member: unknown, token: string) => boolean,
): boolean {
  let index = 0
  for (const [key, value] of Map.prototype.entries.call(map)) {
    if (!visit(value, `/[Map]/${index}/1`) || !visit(key, `/[Map]/${index++}/0`)) return false
  }
  return true
}
