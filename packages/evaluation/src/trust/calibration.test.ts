import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Random, seeded } from '../numeric/index.ts'
import { calibrate, calibrationErrors, fewestLabels } from './calibration.ts'
import { isotonicMap, type Labelled } from './isotonic.ts'
import { plattMap } from './platt.ts'

const labelledOnes = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 6 }), label: fc.integer({ min: 0, max: 1 }) }),
  { minLength: 1, maxLength: 12 },
)

describe('an isotonic map', () => {
  it('rises, keeps the mean, and is nearer to the labels than any other rising step function', () => {
    const rising = fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 7, maxLength: 7 })
    fc.assert(
      fc.property(labelledOnes, rising, (labelled, steps) => {
        const map = isotonicMap(labelled)
        const values = Array.from({ length: 61 }, (_, at) => map(at / 10))
        for (const [at, value] of values.slice(1).entries()) {
          expect(value).toBeGreaterThanOrEqual((values[at] ?? 0) - 1e-12)
        }
        const sum = (each: (one: Labelled) => number) =>
          labelled.reduce((total, one) => total + each(one), 0)
        expect(sum(({ score }) => map(score))).toBeCloseTo(
          sum(({ label }) => label),
          9,
        )
        const other = steps.toSorted((a, b) => a - b).map((step) => step / 10)
        const loss = (to: (score: number) => number) =>
          sum(({ score, label }) => (to(score) - label) ** 2)
        expect(loss(map)).toBeLessThanOrEqual(loss((score) => other[score] ?? 0) + 1e-9)
      }),
    )
  })
})

describe('a logistic map', () => {
  it('finds the curve that labels were drawn from', () => {
    const random = seeded(2)
    const curve = (score: number) => 1 / (1 + Math.exp(-(6 * score - 2)))
    const drawn = Array.from({ length: 20_000 }, () => {
      const score = random()
      return { score, label: random() < curve(score) ? 1 : 0 }
    })
    const map = plattMap(drawn)
    for (const score of [0, 0.25, 0.5, 0.75, 1]) {
      expect(Math.abs(map(score) - curve(score))).toBeLessThan(0.02)
    }
  })

  it('stays short of certainty where a score separates all labels, and where all are alike', () => {
    const separated = Array.from({ length: 20 }, (_, at) => ({
      score: at / 19,
      label: at < 10 ? 0 : 1,
    }))
    const map = plattMap(separated)
    expect(map(0)).toBeGreaterThan(0)
    expect(map(1)).toBeLessThan(1)
    expect(map(0.9)).toBeGreaterThan(map(0.1))
    const alike = plattMap(Array.from({ length: 9 }, () => ({ score: 0.5, label: 1 })))
    expect(alike(0.5)).toBeCloseTo(10 / 11, 5)
  })

  it('is a number for any scores and labels', () => {
    fc.assert(
      fc.property(labelledOnes, (labelled) => {
        const value = plattMap(labelled)(3)
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }),
    )
  })
})

/** A judge that says too much: its score is the root of the chance that people find the thing good. */
function generous(random: Random, labels: number): Labelled[] {
  return Array.from({ length: labels }, () => {
    const chance = random()
    return { score: Math.sqrt(chance), label: random() < chance ? 1 : 0 }
  })
}

describe('calibration', () => {
  it('has a form that the labels are enough for', () => {
    const random = seeded(1)
    expect(calibrate(generous(random, fewestLabels - 1))).toBeUndefined()
    expect(calibrate(generous(random, 100))?.method).toBe('platt')
    expect(calibrate(generous(random, 1000))?.method).toBe('isotonic')
  })

  it.each([100, 1000])('with %i labels takes out most of the error', (labels) => {
    const random = seeded(3)
    let [before, after] = [0, 0]
    const runs = 40
    for (let run = 0; run < runs; run++) {
      const found = calibrate(generous(random, labels), run)
      before += found?.before.calibrationError ?? 0
      after += found?.after.calibrationError ?? 1
    }
    expect(before / runs).toBeGreaterThan(0.13)
    expect(after / runs).toBeLessThan(0.06)
  })

  it.each([60, 600])('with %i labels promises no smaller error than new scores have', (labels) => {
    const random = seeded(4)
    const fresh = generous(random, 5000)
    let [promised, real] = [0, 0]
    const runs = 60
    for (let run = 0; run < runs; run++) {
      const found = calibrate(generous(random, labels), run)
      if (!found) throw new Error('not calibrated')
      promised += found.after.squaredError
      real += calibrationErrors(
        fresh.map(({ score, label }) => ({ score: found.map(score), label })),
      ).squaredError
    }
    expect(Math.abs(promised - real) / runs).toBeLessThan(0.008)
  })

  it('of a judge at random promises what the base rate alone would', () => {
    const random = seeded(5)
    const blind = Array.from({ length: 2000 }, () => ({
      score: random(),
      label: random() < 0.7 ? 1 : 0,
    }))
    const found = calibrate(blind)
    expect(found?.after.squaredError).toBeGreaterThan(0.7 * 0.3 - 0.01)
    expect(found?.after.squaredError).toBeLessThan(0.7 * 0.3 + 0.02)
  })

  it('finds no error, but by luck, in scores that are what they say', () => {
    const random = seeded(6)
    let sum = 0
    for (let run = 0; run < 200; run++) {
      const honest = Array.from({ length: 100 }, () => {
        const score = random()
        return { score, label: random() < score ? 1 : 0 }
      })
      sum += calibrationErrors(honest).calibrationError ** 2
    }
    // Luck alone would put 0.13 there.
    expect(Math.sqrt(sum / 200)).toBeLessThan(0.08)
  })
})
