/** A key of the tables (see {@link Dialect}), taken apart. */
export interface ParsedKey {
  readonly attribute: string
  readonly pointer?: string
  readonly under?: 'all' | 'indexed'
}

const parsedKeys = new Map<string, ParsedKey>()

export function parsedKey(key: string): ParsedKey {
  const known = parsedKeys.get(key)
  if (known) return known
  const hash = key.indexOf('#/')
  const parsed: ParsedKey = /\.[*#]$/.test(key)
    ? { attribute: key.slice(0, -2), under: key.endsWith('#') ? 'indexed' : 'all' }
    : hash < 0
      ? { attribute: key }
      : { attribute: key.slice(0, hash), pointer: key.slice(hash + 1) }
  parsedKeys.set(key, parsed)
  return parsed
}
