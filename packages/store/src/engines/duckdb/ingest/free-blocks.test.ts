import { expect, it } from 'vitest'
import { FreeBlocks } from './free-blocks.ts'

it('keeps what fits and gives each block back once, to its own table', () => {
  const free = new FreeBlocks<'spans' | 'uses'>(100)
  const block = (bytes: number) => ({ rows: 1, bytes })
  const [first, second, large, use] = [block(40), block(30), block(31), block(30)]
  free.add('spans', [first, second, large])
  free.add('uses', [use])
  expect(free.bytes).toBe(100)
  expect(free.take('spans')).toBe(second)
  expect(free.bytes).toBe(70)
  expect(free.take('spans')).toBe(first)
  expect(free.take('spans')).toBeUndefined()
  expect(free.take('uses')).toBe(use)
  expect(free.bytes).toBe(0)
})

it('forgets everything when it is told to', () => {
  const free = new FreeBlocks<'spans'>(100)
  free.add('spans', [{ rows: 1, bytes: 60 }])
  free.clear()
  expect([free.bytes, free.take('spans')]).toEqual([0, undefined])
})
