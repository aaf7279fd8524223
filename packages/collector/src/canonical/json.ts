/** Members of a JSON value that a stranger wrote: `undefined` wherever it is not what it should be. */
export function memberOf(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  for (const name of names) {
    if (!Object.hasOwn(value, name)) continue
    const member: unknown = Reflect.get(value, name)
    if (member !== undefined && member !== null) return member
  }
  return undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The value of a text that is a JSON object or list; anything else as it is. */
export function structured(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
