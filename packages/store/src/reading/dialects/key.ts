/** A key of the tables (see {@link Dialect}), taken apart. */
export interface ParsedKey {
  readonly attribute: string
  readonly pointer?: string
  readonly under?: 'all' | 'indexed' | readonly string[]
}

const parsedKeys = new Map<string, ParsedKey>()

export function parsedKey(key: string): ParsedKey {
  const known = parsedKeys.get(key)
  if (known) return known
  const parsed = parse(key)
  parsedKeys.set(key, parsed)
  return parsed
}

function parse(key: string): ParsedKey {
  const [, prefix, rest] = /^(.*)\.(\*|#|\{.*\})$/.exec(key) ?? []
  if (prefix !== undefined && rest !== undefined) {
    const under = rest === '*' ? 'all' : rest === '#' ? 'indexed' : rest.slice(1, -1).split(',')
    return { attribute: prefix, under }
  }
  const hash = key.indexOf('#/')
  return hash < 0
    ? { attribute: key }
    : { attribute: key.slice(0, hash), pointer: key.slice(hash + 1) }
}
