import { pointerToken } from '../semconv/reference.ts'

const maxNodes = 1_000
const maxDepth = 8

/**
 * Visits a value and what is inside its plain objects and arrays, with the JSON pointer of each; a subtree whose
 * visitor returns `false` is left out. Bounded in depth and number, and safe for values that contain themselves.
 */
export function walk(
  value: unknown,
  visit: (value: unknown, pointer: string) => boolean | undefined,
): void {
  const seen = new Set<object>()
  const descend = (current: unknown, pointer: string, depth: number): void => {
    if (visit(current, pointer) === false) return
    if (depth === maxDepth || !isContainer(current) || seen.has(current)) return
    seen.add(current)
    for (const key of Object.keys(current)) {
      if (seen.size > maxNodes) return
      descend(Reflect.get(current, key), pointer + pointerToken(key), depth + 1)
    }
  }
  descend(value, '', 0)
}

/** An array or a plain object; an instance of a class is one value. */
export function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
