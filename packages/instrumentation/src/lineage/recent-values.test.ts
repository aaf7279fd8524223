import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentValues } from './recent-values.ts'

const mebi = 1024 * 1024

it('keeps the latest 10,000 short values, and forgets what came long before', () => {
  const values = new RecentValues<number>(10_000)
  for (let at = 0; at < 40_000; at++) values.set(`value ${at}`, at)
  for (let at = 30_000; at < 40_000; at++) expect(values.get(`value ${at}`)).toBe(at)
  expect(values.get('value 19999')).toBeUndefined()
})

it('keeps at most 32 Mi characters of long texts, whichever are met again', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 200 }), (met) => {
      const values = new RecentValues<number>(10_000)
      const textOf = (of: number) => String.fromCharCode(0x4e00 + of).repeat(mebi)
      for (const [at, of] of met.entries()) {
        values.set(textOf(of), at)
        expect(values.get(textOf(of))).toBe(at)
      }
      const kept = [...new Set(met)].filter((of) => values.get(textOf(of)) !== undefined)
      expect(kept.length).toBeLessThanOrEqual(32)
    }),
    { numRuns: 5 },
  )
})
