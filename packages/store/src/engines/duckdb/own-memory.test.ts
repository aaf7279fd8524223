import { expect, it } from 'vitest'
import { ownMemory } from './own-memory.ts'

const MEBIBYTE = 1024 * 1024

it('counts what is allocated and written to', () => {
  const before = ownMemory()
  const taken = Buffer.alloc(128 * MEBIBYTE, 1)
  expect(ownMemory() - before).toBeGreaterThan(100 * MEBIBYTE)
  expect(taken.byteLength).toBe(128 * MEBIBYTE)
})

it.runIf(process.platform === 'linux')('leaves out the program, which is a mapped file', () => {
  expect(process.memoryUsage.rss() - ownMemory()).toBeGreaterThan(10 * MEBIBYTE)
})
