import fc from 'fast-check'
import { expect, it } from 'vitest'
import { nesting, type Placed } from './ancestry.ts'

/** By walking up, as far as it takes. */
function isInside(spans: readonly Placed[], span: string, outer: string): boolean {
  const parents = new Map(spans.map(({ spanId, parent }) => [spanId, parent]))
  const passed = new Set<string>()
  let at = parents.get(span) ?? null
  while (at !== null && !passed.has(at)) {
    if (at === outer) return true
    passed.add(at)
    at = parents.get(at) ?? null
  }
  return false
}

it('tells what runs inside what, whatever the parents are', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const parent = fc.option(fc.constantFrom(...ids, 'missing'))
  const spans = fc
    .tuple(...ids.map(() => parent))
    .map((of) => ids.map((spanId, at) => ({ spanId, parent: of[at] ?? null })))
  const one = fc.constantFrom(...ids, 'missing', 'nobody')
  fc.assert(
    fc.property(spans, one, one, (placed, a, b) => {
      fc.pre(a !== b)
      expect(nesting(placed)(a, b)).toBe(isInside(placed, a, b) || isInside(placed, b, a))
    }),
    { numRuns: 2_000 },
  )
})

it('takes one walk for a chain of any depth and any number of questions', () => {
  const size = 200_000
  const chain = Array.from({ length: size }, (_, at) => ({
    spanId: `${at}`,
    parent: at === 0 ? null : `${at - 1}`,
  }))
  const nested = nesting(chain)
  const inside = chain.filter(({ spanId }) => spanId !== '0' && nested(spanId, '0'))
  expect(inside).toHaveLength(size - 1)
  expect(nested('0', 'nobody')).toBe(false)
})
