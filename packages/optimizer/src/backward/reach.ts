import type { Adjacency, GraphIndex } from './graph-index.ts'

/** Which positions a walk reached: 1 for reached. */
export type Marks = Uint8Array

/** Positions that lead to any of the targets, targets included. O(V+E). */
export function ancestors(index: GraphIndex, targets: Iterable<number>): Marks {
  return walk(index, targets, index.incoming, index.from)
}

/** Positions that the sources lead to, sources included, without leaving `within` if it is given. O(V+E). */
export function descendants(index: GraphIndex, sources: Iterable<number>, within?: Marks): Marks {
  return walk(index, sources, index.outgoing, index.to, within)
}

function walk(
  index: GraphIndex,
  start: Iterable<number>,
  edgesOf: Adjacency,
  end: Int32Array,
  within?: Marks,
): Marks {
  const seen = new Uint8Array(index.nodes.length)
  const stack: number[] = []
  const visit = (at: number) => {
    if (seen[at] === 1 || (within && within[at] !== 1)) return
    seen[at] = 1
    stack.push(at)
  }
  const follow = (edge: number) => visit(end[edge] ?? 0)
  for (const at of start) visit(at)
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    edgesOf(at, follow)
  }
  return seen
}

/** The positions of a walk, in order. O(V). */
export function positionsOf(marks: Marks): number[] {
  const positions: number[] = []
  for (let at = marks.indexOf(1); at >= 0; at = marks.indexOf(1, at + 1)) positions.push(at)
  return positions
}

/**
 * Gives the positions, in order, that one position leads to within some others, itself included. Made once for many
 * walks: each then costs what it reaches, however large the graph is.
 */
export function descendantsWithin(index: GraphIndex, within: Marks): (at: number) => number[] {
  const seen = new Uint8Array(index.nodes.length)
  return (source) => {
    const reached: number[] = []
    const visit = (at: number) => {
      if (seen[at] === 1 || within[at] !== 1) return
      seen[at] = 1
      reached.push(at)
    }
    const follow = (edge: number) => visit(index.to[edge] ?? 0)
    visit(source)
    // It grows meanwhile.
    for (const at of reached) index.outgoing(at, follow)
    for (const at of reached) seen[at] = 0
    return reached.sort((a, b) => a - b)
  }
}
