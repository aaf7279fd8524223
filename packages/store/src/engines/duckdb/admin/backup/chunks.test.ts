import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Chunk, chunksBetween } from './chunks.ts'

/** Rows by whether their key is one that ends a part. */
const rows = fc
  .array(fc.tuple(fc.nat(40_000), fc.boolean()), { minLength: 1, maxLength: 8 })
  .map((runs) => runs.flatMap(([length, ends]) => [...Array<boolean>(length).fill(false), ends]))

function chunksOf(ends: readonly boolean[]): readonly Chunk[] {
  const numbers = ends.flatMap((isEnd, row) => (isEnd ? [row] : []))
  return chunksBetween(numbers, ends.length - 1)
}

it('parts hold each row once, in order, and are neither too long nor, but for the last, too short', () => {
  fc.assert(
    fc.property(rows, (ends) => {
      const chunks = chunksOf(ends)
      expect(chunks[0]?.from).toBe(0)
      expect(chunks.at(-1)?.to).toBe(ends.length - 1)
      for (const [index, { from, to }] of chunks.entries()) {
        expect(from).toBe((chunks[index - 1]?.to ?? -1) + 1)
        expect(to - from).toBeLessThan(32_768)
        if (index < chunks.length - 1) expect(to - from + 1).toBeGreaterThanOrEqual(2048)
      }
    }),
    { numRuns: 30 },
  )
})

it('rows that are added at the end change the last part alone', () => {
  fc.assert(
    fc.property(rows, rows, (ends, more) => {
      const before = chunksOf(ends).slice(0, -1)
      expect(chunksOf([...ends, ...more]).slice(0, before.length)).toEqual(before)
    }),
    { numRuns: 30 },
  )
})

it('rows that are deleted change only parts around them', () => {
  // Keys end a part as often as they do in a table, here by a sequence that is the same each time.
  let state = 1
  const ends = Array.from({ length: 400_000 }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state % 8192 === 0
  })
  const lengths = (of: readonly boolean[]) => chunksOf(of).map(({ from, to }) => to - from + 1)
  const before = lengths(ends)
  const after = lengths(ends.toSpliced(150_000, 20_000))
  let [head, tail] = [0, 0]
  while (before[head] === after[head]) head++
  while (before.at(-1 - tail) === after.at(-1 - tail)) tail++
  expect(before.length).toBeGreaterThan(20)
  expect(head + tail).toBeGreaterThan(after.length - 8)
})

it('a table without rows has no parts', () => {
  expect(chunksBetween([], -1)).toEqual([])
})
