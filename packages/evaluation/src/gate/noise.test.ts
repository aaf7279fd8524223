import { expect, test } from 'vitest'
import { seeded } from '../numeric/index.ts'
import type { PairedCase } from './cases/paired-case.ts'
import { Gate } from './gate.ts'
import { repeatsFor } from './noise.ts'

const options = { scale: { min: 0, max: 1 }, worth: 0.1, affordable: 200 }

/** Scores of a judge who is off evenly by up to `noise` either way: a variance of noise²/3. */
function judged(noise: number, repeats: number, spread: number): PairedCase[] {
  const random = seeded(2)
  return Array.from({ length: 400 }, (_, index) => {
    const change = spread * (random() - 0.5)
    const trials = (mean: number) =>
      Array.from({ length: repeats }, () => mean + noise * (2 * random() - 1))
    return { case: String(index), base: trials(0.5), candidate: trials(0.5 + change) }
  })
}

test('the noise of a judge is told apart from the differences of cases', () => {
  const { noise } = new Gate(options).look(judged(0.3, 3, 0.3))
  expect(noise?.withinBase).toBeCloseTo(0.03, 2)
  expect(noise?.withinCandidate).toBeCloseTo(0.03, 2)
  expect(noise?.between).toBeCloseTo(0.3 ** 2 / 12, 2)
  expect(noise?.repeatedCases).toBe(400)
})

test('without repeats there is no measure of noise', () => {
  expect(new Gate(options).look(judged(0.3, 1, 0.3)).noise).toBeUndefined()
})

test('cases that each lost one side to crashes give a report without a measure of noise', () => {
  const given: PairedCase[] = [
    { case: 'a', base: [0, 0], candidate: ['crashed'] },
    { case: 'b', base: ['crashed'], candidate: [0, 0] },
  ]
  expect(new Gate(options).look(given)).toMatchObject({
    verdict: 'not enough evidence',
    noise: undefined,
  })
})

test('a judge who never differs from himself needs no repeats', () => {
  const { noise } = new Gate(options).look(judged(0, 3, 0.4))
  expect(noise).toMatchObject({ withinBase: expect.closeTo(0), repeats: 1 })
})

test('repeats are asked for where they make affordable cases enough, and only so many', () => {
  const plan = { worth: 0.1, width: 1, alpha: 0.05, affordable: 120 }
  const few = repeatsFor(0.3, 0.05, plan)
  expect(few.repeats).toBeGreaterThan(1)
  expect(few.cases).toBeLessThanOrEqual(plan.affordable)
  expect(repeatsFor(0.3, 0.05, { ...plan, affordable: 10_000 }).repeats).toBe(1)
  // Cases that differ much from one another are not helped by repeats.
  expect(repeatsFor(0.01, 0.5, { ...plan, affordable: 50 }).repeats).toBe(1)
  expect(repeatsFor(1, 0.01, { ...plan, affordable: 1 }).repeats).toBeLessThanOrEqual(10)
})
