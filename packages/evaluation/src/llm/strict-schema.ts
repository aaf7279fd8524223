import type { Json } from '@trace2/core'

/** Keywords that every endpoint with strict output knows. */
const known: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'enum',
  'const',
  'items',
  'anyOf',
  'description',
  'title',
  'minimum',
  'maximum',
])

/**
 * Whether a schema is one that endpoints can be strict about: every object is closed and requires all its members, and
 * no keyword is unusual. Asking strictly for another one is refused.
 */
export function isStrict(schema: Json): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false
  const about = new Map(Object.entries<Json>(schema))
  if (![...about.keys()].every((key) => known.has(key))) return false
  const items = about.get('items')
  const alternatives = about.get('anyOf')
  const nested = [
    ...membersOf(about.get('properties')).values(),
    ...(items === undefined ? [] : [items]),
    ...(Array.isArray(alternatives) ? alternatives : []),
  ]
  return isClosed(about) && nested.every(isStrict)
}

function isClosed(about: ReadonlyMap<string, Json>): boolean {
  const type = about.get('type')
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'))
  if (!isObject) return true
  const required = about.get('required')
  const names = [...membersOf(about.get('properties')).keys()]
  return (
    about.get('additionalProperties') === false &&
    Array.isArray(required) &&
    names.length > 0 &&
    names.every((name) => required.includes(name))
  )
}

function membersOf(json: Json | undefined): ReadonlyMap<string, Json> {
  return new Map(typeof json === 'object' && json !== null ? Object.entries<Json>(json) : [])
}
