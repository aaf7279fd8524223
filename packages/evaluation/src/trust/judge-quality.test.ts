import { describe, expect, it } from 'vitest'
import { seeded } from '../numeric/index.ts'
import { atMostOf } from '../testing/binomial.ts'
import { judgeQuality } from './judge-quality.ts'

/** Labels of people, and a judge who sees so much of what they go by. */
function judged(seed: number, labels: number, sight: number, shareGood = 0.6) {
  const random = seeded(seed)
  return Array.from({ length: labels }, () => {
    const label = random() < shareGood ? 1 : 0
    return { label, score: sight * label + (1 - sight) * random() }
  })
}

describe('a judge measured by what people say', () => {
  it('that sees what they go by is useful, and is calibrated', () => {
    const quality = judgeQuality(judged(1, 100, 0.4))
    expect(quality).toMatchObject({ state: 'useful', labels: 100, moreLabels: null })
    expect(quality.separation?.low).toBeGreaterThan(0.8)
    expect(quality.calibration?.method).toBe('platt')
  })

  it('that guesses is useless, with figures, and is not calibrated', () => {
    const quality = judgeQuality(judged(2, 60, 0))
    expect(quality).toMatchObject({ state: 'useless', calibration: null })
    expect(quality.separation?.low).toBeLessThan(0.5)
    expect(quality.separation?.high).toBeGreaterThan(0.5)
    expect(quality.moreLabels).toBeGreaterThan(20)
    expect(judgeQuality(judged(2, 2000, 0)).moreLabels).toBe(0)
  })

  it('that gives the better scores to what is bad is upside down', () => {
    const reversed = judged(3, 80, 0.5).map(({ score, label }) => ({ label, score: 1 - score }))
    expect(judgeQuality(reversed)).toMatchObject({ state: 'upside down', calibration: null })
  })

  it('says nothing where people found hardly anything bad, whatever the judge', () => {
    const few = judged(4, 30, 1).map((one, at) =>
      at < 3 ? { score: 0, label: 0 } : { ...one, label: 1 },
    )
    expect(judgeQuality(few).state).toBe('too few labels')
    const none = judgeQuality(few.slice(3))
    expect(none).toMatchObject({ state: 'too few labels', separation: null })
    expect(none.moreLabels).toBeGreaterThan(0)
  })

  it('tells better from worse where people use one half of their scale', () => {
    const random = seeded(5)
    const stars = Array.from({ length: 60 }, () => {
      const label = random() < 0.5 ? 0.75 : 1
      return { label, score: label - 0.2 * random() }
    })
    expect(judgeQuality(stars)).toMatchObject({
      state: 'useful',
      separation: { bad: expect.anything() },
    })
    const equal = stars.map((one) => ({ ...one, label: 1 }))
    expect(judgeQuality(equal).state).toBe('too few labels')
  })

  it.each([15, 40, 120])(
    'at random, with %i labels, is called useful at most 5 times of 100',
    (labels) => {
      const runs = 1000
      let useful = 0
      for (let run = 1; run <= runs; run++) {
        if (judgeQuality(judged(run, labels, 0), run).state === 'useful') useful++
      }
      expect(useful).toBeLessThanOrEqual(atMostOf(runs, 0.05))
    },
  )
})
