import { pointerToken, resolvePointer } from '@trace2/core'
import { dataMember, keysOf } from '../inspection/members.ts'

/** Pointers of one value, and members that are looked at to find them. */
const mostPointers = 64
const mostMembers = 2_048

/**
 * The members of plain data that are `undefined`: of each its place among the members of its object, and a JSON pointer
 * (`0/title`). None where they are too many, or the value is too large to be looked through.
 */
export function undefinedIn(value: unknown): string[] | undefined {
  const found: string[] = []
  const pending: { readonly value: unknown; readonly pointer: string }[] = [{ value, pointer: '' }]
  let left = mostMembers
  for (const { value: at, pointer } of pending) {
    if (typeof at !== 'object' || at === null) continue
    for (const [index, key] of (keysOf(at) ?? []).entries()) {
      if (left-- === 0) return undefined
      const member = dataMember(at, key)
      const place = pointer + pointerToken(key)
      if (member === undefined) found.push(`${index}${place}`)
      else pending.push({ value: member, pointer: place })
      if (found.length > mostPointers) return undefined
    }
  }
  return found
}

/** Puts the members that {@link undefinedIn} has found into a copy of the value that lacks them. */
export function restoreUndefined(copy: unknown, members: readonly string[]): void {
  for (const member of members) {
    const [place = ''] = member.split('/', 1)
    const pointer = member.slice(place.length)
    const last = pointer.lastIndexOf('/')
    const holder = resolvePointer(copy, pointer.slice(0, last))
    if (typeof holder !== 'object' || holder === null) continue
    const key = pointer
      .slice(last + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~')
    if (Array.isArray(holder)) holder[Number(key)] = undefined
    else insert(holder, Number(place), key)
  }
}

/** Members keep the order in which they were made: those that come after are made anew. */
function insert(holder: object, place: number, key: string): void {
  const after = Object.entries(holder).slice(place)
  for (const [name] of after) Reflect.deleteProperty(holder, name)
  for (const [name, value] of [[key, undefined] as const, ...after]) {
    Object.defineProperty(holder, name, {
      value,
      configurable: true,
      enumerable: true,
      writable: true,
    })
  }
}
