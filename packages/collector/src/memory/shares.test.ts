import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defaultMemory, memoryShares } from './shares.ts'

const MEBIBYTE = 1024 * 1024
const GIBIBYTE = 1024 * MEBIBYTE

it('gives no more than there is, and something to each part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 512, max: 256 * 1024 }), (mebibytes) => {
      const memory = mebibytes * MEBIBYTE
      const shares = memoryShares(memory)
      const { database, queries, bodies, rows, young } = shares
      expect(database + queries + bodies + rows + young).toBeLessThanOrEqual(memory)
      for (const share of Object.values(shares)) {
        expect(share).toBeGreaterThan(MEBIBYTE)
        expect(Number.isInteger(share)).toBe(true)
      }
    }),
  )
})

it('takes a body of the largest size twice, as it came and as the journal has it', () => {
  for (const memory of [512, 1024, 8192]) {
    const { body, bodies } = memoryShares(memory * MEBIBYTE)
    expect(2 * body).toBeLessThanOrEqual(bodies)
  }
})

it('is refused what no collector can work with', () => {
  const expected = expect.objectContaining({ code: 'T2_CONFIG' })
  expect(() => memoryShares(511 * MEBIBYTE)).toThrowError(expected)
  expect(() => memoryShares(Number.NaN)).toThrowError(expected)
})

it.each([
  ['a large machine', { total: 64 * GIBIBYTE, constrained: 0 }, GIBIBYTE],
  ['a small machine', { total: 2 * GIBIBYTE, constrained: 0 }, GIBIBYTE / 2],
  ['a very small machine', { total: GIBIBYTE / 2, constrained: 0 }, GIBIBYTE / 2],
  ['a control group', { total: 64 * GIBIBYTE, constrained: GIBIBYTE / 2 }, GIBIBYTE / 2],
  ['a control group without a limit', { total: 2 * GIBIBYTE, constrained: 2 ** 63 }, GIBIBYTE / 2],
])('takes a share of %s where nobody says how much', (_, system, expected) => {
  expect(defaultMemory(system)).toBe(expected)
})
