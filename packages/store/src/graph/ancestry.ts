/** A span and the one around it. */
export interface Placed {
  readonly spanId: string
  readonly parent: string | null
}

/** Tells of the ids of two spans of one trace whether one of them runs inside the other, however deep. */
export function nesting(spans: Iterable<Placed>): (a: string, b: string) => boolean {
  const parents = new Map<string, string | null>()
  for (const { spanId, parent } of spans) parents.set(spanId, parent)
  const parentOf = (span: string) => parents.get(span) ?? null
  const isInside = (span: string, outer: string): boolean => {
    const passed = new Set<string>()
    for (let parent = parentOf(span); parent !== null; parent = parentOf(parent)) {
      if (parent === outer) return true
      // Spans can be each other's parents.
      if (passed.has(parent)) return false
      passed.add(parent)
    }
    return false
  }
  return (a, b) => isInside(a, b) || isInside(b, a)
}
