/** A span and the one around it. */
export interface Placed {
  readonly spanId: string
  readonly parent: string | null
}

/** Tells of two spans of one trace whether one of them runs inside the other, however deep. */
export function nesting(spans: Iterable<Placed>): (a: Placed, b: Placed) => boolean {
  const parents = new Map<string, string | null>()
  for (const { spanId, parent } of spans) parents.set(spanId, parent)
  const isInside = (span: Placed, outer: Placed): boolean => {
    const passed = new Set<string>()
    for (let { parent } = span; parent !== null; parent = parents.get(parent) ?? null) {
      if (parent === outer.spanId) return true
      // Spans can be each other's parents.
      if (passed.has(parent)) return false
      passed.add(parent)
    }
    return false
  }
  return (a, b) => isInside(a, b) || isInside(b, a)
}
