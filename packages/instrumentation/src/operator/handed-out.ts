import { dataMember, keysOf } from '../inspection/members.ts'
import { types } from '../runtime/types.ts'

/** Objects that are looked into; a result that lies behind more is ended with the run. */
const mostObjects = 5_000

/**
 * The objects that a result holds, as far as a look tells: in lists, objects, maps and sets, and in the fields of
 * instances, in which a run often hands out what is still to be read.
 */
export function objectsWithin(result: unknown): ReadonlySet<object> {
  const found = new Set<object>()
  const add = (value: unknown) => {
    if (typeof value === 'object' && value !== null && found.size < mostObjects) found.add(value)
  }
  add(result)
  // A set also goes through what is added meanwhile.
  for (const object of found) {
    if (types.isProxy(object) || ArrayBuffer.isView(object)) continue
    if (types.isMap(object)) {
      for (const [key, value] of first(Map.prototype.entries.call(object))) {
        add(key)
        add(value)
      }
    } else if (types.isSet(object)) {
      for (const value of first(Set.prototype.values.call(object))) add(value)
    }
    for (const key of keysOf(object) ?? []) add(dataMember(object, key))
  }
  return found
}

function* first<T>(entries: Iterable<T>): Iterable<T> {
  let left = mostObjects
  for (const entry of entries) {
    if (left-- === 0) return
    yield entry
  }
}
