/** A span and the one around it. */
export interface Placed {
  readonly spanId: string
  readonly parent: string | null
}

/** Where a span stands among those that run inside one another: what is inside it has an `entered` between both. */
interface Place {
  readonly entered: number
  left: number
  /** Number of the ring that it belongs to or hangs from: spans can be each other's parents. */
  readonly ring: number
  /** Whether it is part of the ring itself: everything that hangs from the ring is inside it. */
  readonly inRing: boolean
}

const NO_RING = -1

/** Tells of the ids of two spans of one trace whether one of them runs inside the other, however deep. */
export function nesting(spans: Iterable<Placed>): (a: string, b: string) => boolean {
  let places: ReadonlyMap<string, Place> | undefined
  const find = () => {
    const parents = new Map<string, string | null>()
    for (const { spanId, parent } of spans) parents.set(spanId, parent)
    return placesOf(parents)
  }
  const isInside = (span: string, outer: string): boolean => {
    places ??= find()
    const inner = places.get(span)
    const around = places.get(outer)
    if (!inner || !around) return false
    if (around.inRing) return inner.ring === around.ring
    return around.entered < inner.entered && inner.entered < around.left
  }
  return (a, b) => isInside(a, b) || isInside(b, a)
}

/** A place for each span and each parent that is named, found in one walk over the tree, without recursion. */
function placesOf(parents: ReadonlyMap<string, string | null>): Map<string, Place> {
  const children = new Map<string, string[]>()
  const roots = new Set<string>()
  for (const [span, parent] of parents) {
    if (parent === null) roots.add(span)
    else {
      const list = children.get(parent)
      if (list) list.push(span)
      else children.set(parent, [span])
      if (!parents.has(parent)) roots.add(parent)
    }
  }
  const places = new Map<string, Place>()
  let steps = 0
  const walk = (root: string, ring: number, inRing: ReadonlySet<string>) => {
    const enter = (span: string) => {
      places.set(span, { entered: steps++, left: 0, ring, inRing: inRing.has(span) })
      return { span, next: 0 }
    }
    const path = [enter(root)]
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const child = children.get(top.span)?.[top.next++]
      if (child === undefined) {
        const place = places.get(top.span)
        if (place) place.left = steps
        path.pop()
      } else if (!places.has(child) && !inRing.has(child)) path.push(enter(child))
    }
  }
  const nobody = new Set<string>()
  for (const root of roots) walk(root, NO_RING, nobody)
  let rings = 0
  for (const span of parents.keys()) {
    if (places.has(span)) continue
    const ring = ringAbove(span, parents)
    for (const member of ring) walk(member, rings, ring)
    rings++
  }
  return places
}

/** The spans that are inside themselves, on the way up from one that leads to no root. */
function ringAbove(span: string, parents: ReadonlyMap<string, string | null>): Set<string> {
  const passed = new Set<string>()
  let at: string | null = span
  while (at !== null && !passed.has(at)) {
    passed.add(at)
    at = parents.get(at) ?? null
  }
  const ring = new Set<string>()
  while (at !== null && !ring.has(at)) {
    ring.add(at)
    at = parents.get(at) ?? null
  }
  return ring
}
