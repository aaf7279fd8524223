import type { GraphIndex } from './graph-index.ts'

/** Positions that lead to any of the targets, targets included. O(V+E). */
export function ancestors(index: GraphIndex, targets: Iterable<number>): Set<number> {
  return walk(targets, (at) => index.incoming[at]?.map(({ from }) => from))
}

/** Positions that the sources lead to, sources included, without leaving `within` if it is given. O(V+E). */
export function descendants(
  index: GraphIndex,
  sources: Iterable<number>,
  within?: ReadonlySet<number>,
): Set<number> {
  return walk(sources, (at) => index.outgoing[at]?.map(({ to }) => to), within)
}

function walk(
  start: Iterable<number>,
  next: (at: number) => readonly number[] | undefined,
  within?: ReadonlySet<number>,
): Set<number> {
  const allowed = (at: number) => within === undefined || within.has(at)
  const seen = new Set<number>()
  for (const at of start) if (allowed(at)) seen.add(at)
  // A Set is iterated in order of insertion, additions included: it is its own queue.
  for (const at of seen) for (const to of next(at) ?? []) if (allowed(to)) seen.add(to)
  return seen
}
