import { pointerToken } from '../semconv/reference.ts'

const maxNodes = 1_000
const maxDepth = 8

/**
 * Visits a value and what is inside its plain objects and arrays, with the JSON pointer of each; a subtree whose
 * visitor returns `false` is left out. Bounded in depth and number, and safe for values that contain themselves.
 */
export function walk(value: unknown, visit: Visit): void {
  descend(value, '', 0, visit, 0)
}

/** As {@link walk}, for the objects alone. */
export function walkObjects(
  value: object,
  visit: (value: object, pointer: string) => boolean | undefined,
): void {
  descendObjects(value, '', 0, visit, 0)
}

function descendObjects(
  value: object,
  pointer: string,
  depth: number,
  visit: (value: object, pointer: string) => boolean | undefined,
  before: number,
): number {
  let visited = before + 1
  if (visit(value, pointer) === false) return visited
  if (depth === maxDepth || !isContainer(value)) return visited
  for (const key of Object.keys(value)) {
    if (visited >= maxNodes) return visited
    const member: unknown = Reflect.get(value, key)
    if (typeof member !== 'object' || member === null) continue
    visited = descendObjects(member, pointer + pointerToken(key), depth + 1, visit, visited)
  }
  return visited
}

type Visit = (value: unknown, pointer: string) => boolean | undefined

/** Returns how many values were visited so far: what bounds a value that contains itself. */
function descend(
  value: unknown,
  pointer: string,
  depth: number,
  visit: Visit,
  before: number,
): number {
  let visited = before + 1
  if (visit(value, pointer) === false) return visited
  if (depth === maxDepth || !isContainer(value)) return visited
  for (const key of Object.keys(value)) {
    if (visited >= maxNodes) return visited
    const member: unknown = Reflect.get(value, key)
    visited = descend(member, pointer + pointerToken(key), depth + 1, visit, visited)
  }
  return visited
}

/** An array or a plain object; an instance of a class is one value. */
export function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
