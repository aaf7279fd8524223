import { expect, it } from 'vitest'
import { countWork } from '../testing/work/count-work.ts'
import { acyclic } from './acyclic.ts'
import type { GraphEdge } from './graph.ts'
import { levels } from './levels.ts'

/** Each node leads to some others, all around a ring. */
function ring(size: number): GraphEdge[] {
  const edge = (from: number, to: number): GraphEdge => ({
    from: `${from % size}`,
    to: `${to % size}`,
    role: 'x',
    pointer: '',
    how: 'exact',
  })
  return Array.from({ length: size }, (_, at) =>
    [1, 7, size - 3].map((step) => edge(at, at + step)),
  ).flat()
}

it('leaves no cycle in a graph that is all cycles', () => {
  const edges = ring(1_000)
  const { kept, removed } = acyclic(edges, () => '')
  expect(levels(kept).cyclic).toBe(false)
  expect(kept.length).toBeGreaterThan(1_000)
  expect(kept.length + removed.length).toBe(edges.length)
})

// Twelve thousand edges that each close a cycle of thousands would take a hundred million steps.
it('takes no more than so many steps, and leaves no cycle all the same', {
  timeout: 60_000,
}, () => {
  const edges = ring(12_000)
  let kept: readonly GraphEdge[] = []
  const work = countWork(() => {
    kept = acyclic(edges, () => '').kept
  })
  expect(work).toBeLessThan(40_000_000)
  expect(levels(kept).cyclic).toBe(false)
  expect(kept.length).toBeGreaterThan(0)
})
