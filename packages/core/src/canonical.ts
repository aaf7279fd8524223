/** A value that JSON can carry. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/**
 * Canonical JSON text of a value (RFC 8785): keys sorted by UTF-16 code units, no white space, ECMAScript
 * number format. What JSON cannot carry is treated as `JSON.stringify` treats it (`undefined` members vanish,
 * `NaN` becomes `null`, `toJSON` is honoured); a `bigint` becomes its decimal digits as a string.
 *
 * @throws {TypeError} for a value that contains itself.
 * @example canonicalJson({ b: 1, a: [true, 'x'] }) // '{"a":[true,"x"],"b":1}'
 */
export function canonicalJson(value: unknown): string {
  // Most values that are hashed are strings and numbers, which are canonical as they stand.
  if (typeof value === 'string' || typeof value === 'number') return JSON.stringify(value)
  return JSON.stringify(sorted(JSON.parse(plainJson(value))))
}

function plainJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? member.toString() : member,
  )
  return text ?? 'null'
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort()
  // A Map keeps `__proto__` an ordinary key; Object.fromEntries defines own properties and so does too.
  return Object.fromEntries(
    keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]),
  )
}
