const REMEMBERED = 10_000
const LONGEST = 200

/**
 * Finds out once what a name means. Names come from strangers: one that is very long is not remembered, and when there
 * are too many, all are forgotten.
 */
export function memoizeByName<T extends number | string>(
  find: (name: string) => T,
): (name: string) => T {
  const known = new Map<string, T>()
  return (name) => {
    if (name.length > LONGEST) return find(name)
    const before = known.get(name)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED) known.clear()
    const found = find(name)
    known.set(name, found)
    return found
  }
}
