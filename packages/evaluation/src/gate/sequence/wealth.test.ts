import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Moments } from './moments.ts'
import { type Plan, Wealth } from './wealth.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const inside = fc.double({ min: 0.01, max: 0.99, noNaN: true })
const plan = fc.record({
  target: fc.double({ min: 2, max: 1e4, noNaN: true }),
  horizon: fc.integer({ min: 1, max: 300 }),
})

test('no bet on values whose mean is at most the one bet against has a gain to expect', () => {
  fc.assert(
    fc.property(
      inside,
      plan,
      fc.array(share, { maxLength: 60 }),
      share,
      share,
      share,
      fc.integer({ min: 1, max: 300 }),
      (mean, chosen, past, a, b, belief, horizon) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        fc.pre(low <= mean)
        // Two values that have at most this mean: always one is a draw from {low, high}.
        const chance = high <= mean ? 1 : (mean - low) / (high - low)
        // The plan may change by what is known, such as how many values came.
        const planned = { after: past.length, horizon }
        const now = after(mean, chosen, past, belief)
        const expected =
          chance * after(mean, chosen, [...past, high], belief, planned) +
          (1 - chance) * after(mean, chosen, [...past, low], belief, planned)
        expect(expected).toBeLessThanOrEqual(now * (1 + 1e-9))
      },
    ),
    { numRuns: 3_000 },
  )
})

test('wealth never falls to nothing, whatever values come', () => {
  fc.assert(
    fc.property(
      inside,
      plan,
      fc.array(fc.constantFrom(0, 1, 0.5), { maxLength: 100 }),
      (mean, chosen, values) => {
        expect(after(mean, chosen, values, 1 / 16)).toBeGreaterThan(0)
      },
    ),
  )
})

test('a lucky streak ends at the target, not far beyond it', () => {
  const moments = new Moments()
  const wealth = new Wealth(0.5, { target: 20, horizon: 50 })
  while (wealth.value < 20) {
    wealth.bet(1, moments.count, moments.varianceGiven(1 / 16))
    moments.add(1)
  }
  expect(moments.count).toBeLessThan(12)
  expect(wealth.value).toBeLessThan(40)
})

function after(
  mean: number,
  chosen: Plan,
  values: readonly number[],
  belief: number,
  planned?: { readonly after: number; readonly horizon: number },
): number {
  const moments = new Moments()
  const wealth = new Wealth(mean, chosen)
  for (const value of values) {
    if (planned?.after === moments.count) wealth.plan(planned.horizon)
    wealth.bet(value, moments.count, moments.varianceGiven(Math.max(belief, 1e-6)))
    moments.add(value)
  }
  return wealth.value
}
