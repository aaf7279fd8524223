import { expect, it } from 'vitest'
import { countWork } from '../testing/work/count-work.ts'
import { acyclic, type NumberedEdges } from './acyclic.ts'
import type { GraphEdge } from './graph.ts'
import { levels } from './levels.ts'

/** The number of each node is its id. */
function numbered(edges: readonly GraphEdge[]): NumberedEdges {
  const from = Int32Array.from(edges, (edge) => Number(edge.from))
  return { edges, from, to: Int32Array.from(edges, ({ to }) => Number(to)) }
}

/** Each node leads to some others, all around a ring. */
function ring(size: number): NumberedEdges {
  const edge = (from: number, to: number): GraphEdge => ({
    from: `${from % size}`,
    to: `${to % size}`,
    role: 'x',
    pointer: '',
    how: 'exact',
  })
  return numbered(
    Array.from({ length: size }, (_, at) =>
      [1, 7, size - 3].map((step) => edge(at, at + step)),
    ).flat(),
  )
}

it('leaves no cycle in a graph that is all cycles', () => {
  const all = ring(1_000)
  const { kept, removed } = acyclic(all, 1_000, () => '')
  expect(levels(kept, 1_000).cyclic).toBe(false)
  expect(kept).toEqual(numbered(kept.edges))
  expect(kept.edges.length).toBeGreaterThan(1_000)
  expect(kept.edges.length + removed.length).toBe(all.edges.length)
})

// Twelve thousand edges that each close a cycle of thousands would take a hundred million steps.
it('takes no more than so many steps, and leaves no cycle all the same', {
  timeout: 60_000,
}, () => {
  const all = ring(12_000)
  let kept = all
  const work = countWork(() => {
    kept = acyclic(all, 12_000, () => '').kept
  })
  expect(work).toBeLessThan(40_000_000)
  expect(levels(kept, 12_000).cyclic).toBe(false)
  expect(kept.edges.length).toBeGreaterThan(0)
})
