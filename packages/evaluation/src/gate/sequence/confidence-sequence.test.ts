import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seeded } from '../../numeric/index.ts'
import { atMostOf } from '../../testing/binomial.ts'
import { ConfidenceSequence } from './confidence-sequence.ts'

const options = {
  low: -1,
  high: 1,
  alphaLower: 0.05,
  alphaUpper: 0.05,
  horizon: 100,
  critical: [0],
  resolution: 80,
}

test('limits never widen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 80 }),
      (values) => {
        const sequence = new ConfidenceSequence(options)
        let [lower, upper] = [sequence.lower, sequence.upper]
        for (const value of values) {
          sequence.add(value)
          expect(sequence.lower).toBeGreaterThanOrEqual(lower)
          expect(sequence.upper).toBeLessThanOrEqual(upper)
          lower = sequence.lower
          upper = sequence.upper
        }
      },
    ),
    { numRuns: 50 },
  )
})

test.each([
  ['few large losses', 0, (u: number) => (u < 0.1 ? -0.9 : 0.1)],
  ['few large gains', 0, (u: number) => (u < 0.1 ? 0.9 : -0.1)],
  ['right or wrong', 0.3, (u: number) => (u < 0.65 ? 1 : -1)],
])(
  'each limit misses the mean in at most one run in twenty over all looks: %s',
  (_, mean, value) => {
    const runs = 400
    let [above, below] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const random = seeded(run + 1)
      const sequence = new ConfidenceSequence({ ...options, critical: [mean] })
      for (let count = 0; count < 200; count++) sequence.add(value(random()))
      if (sequence.lower >= mean) above++
      if (sequence.upper <= mean) below++
    }
    expect(above).toBeLessThanOrEqual(atMostOf(runs, 0.05))
    expect(below).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  },
)

test('a value that is known only within bounds moves each limit by what is worst for it', () => {
  const unknown = new ConfidenceSequence(options)
  const worst = new ConfidenceSequence(options)
  const best = new ConfidenceSequence(options)
  for (let count = 0; count < 60; count++) {
    unknown.add(0.2, 0.4)
    worst.add(0.2)
    best.add(0.4)
  }
  expect(unknown.lower).toBe(worst.lower)
  expect(unknown.upper).toBe(best.upper)
})
