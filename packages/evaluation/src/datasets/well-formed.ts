import type { Json } from '@trace2/core'
import { isJsonObject } from './files/jsonl.ts'

/** A value in whose texts each half of a surrogate pair is a replacement character, as a store has them. */
export function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map((each: Json) => wellFormed(each))
  return isJsonObject(value) ? wellFormedMembers(value) : value
}

export function wellFormedMembers(value: { readonly [name: string]: Json }): {
  readonly [name: string]: Json
} {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]),
  )
}
