import { normalizedScore } from '@trace2/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedbackOn, measuresFor } from '../testing/feedback.ts'
import { GraphBuilder } from '../testing/graphs.ts'
import { deciding, scoresOf } from './measures.ts'

const graph = new GraphBuilder().build()
const stars = { name: 'stars', scale: [1, 5] as const }
const latency = { name: 'latency', scale: [0, 2000] as const, direction: 'lower' as const }
const mood = { name: 'mood', scale: ['bad', 'fair', 'good'] }
const measures = measuresFor('thumb', stars, latency, mood, { name: 'words', scale: null })

describe('scores of a run', () => {
  it.each([
    ['thumb', { score: 1 }, 1],
    ['stars', { score: 2 }, 0.25],
    ['stars', { score: 9 }, 1],
    ['latency', { score: 500 }, 0.75],
    ['latency', { score: 5000 }, 0],
    ['mood', { score: null, label: 'fair' }, 0.5],
    ['mood', { score: 1, label: 'angry' }, undefined],
    ['words', { score: 3 }, undefined],
    ['unheard of', { score: 1 }, undefined],
    ['stars', { score: null }, undefined],
  ])('under %s of %j', (name, given, score) => {
    expect(scoresOf([feedbackOn(graph, { name, ...given })], measures).get(name)).toBe(score)
  })

  it('are means of one name each, within its worst and best, whatever else was given', () => {
    const piece = fc.record({
      name: fc.constantFrom('thumb', 'stars', 'latency', 'words'),
      score: fc.option(fc.double({ min: -10, max: 3000, noNaN: true })),
    })
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const feedback = pieces.map((one) => feedbackOn(graph, one))
        const scores = scoresOf(feedback, measures)
        for (const [name, score] of scores) {
          const own = feedback.filter((one) => one.name === name)
          expect(scoresOf(own, measures)).toEqual(new Map([[name, score]]))
          const places = own.flatMap((one) => normalizedScore(one, measures.names.get(name)) ?? [])
          expect(score).toBeGreaterThanOrEqual(Math.min(...places) - 1e-12)
          expect(score).toBeLessThanOrEqual(Math.max(...places) + 1e-12)
        }
        // What decides is the score of one name, the first that there is.
        const first = measures.ranked.find((name) => scores.has(name))
        expect(deciding(scores, measures)).toBe(scores.get(first ?? ''))
      }),
    )
  })
})
