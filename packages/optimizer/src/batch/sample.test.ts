import type { Feedback } from '@trace2/store'
import { describe, expect, it } from 'vitest'
import { backward } from '../backward/index.ts'
import { feedbackOn, measuresFor } from '../testing/feedback.ts'
import { GraphBuilder } from '../testing/graphs.ts'
import { digestOf } from './digest.ts'
import { sampleRuns } from './sample.ts'

const measures = measuresFor('quality')
let runs = 0
function run(output: string, feedback: Partial<Feedback>, names = measures) {
  runs++
  const g = new GraphBuilder(runs.toString(16).padStart(32, '0'))
  g.op('reply', [['prompt', g.parameter('prompt', 'Answer.')]], output)
  const graph = g.build()
  const given = feedbackOn(graph, feedback)
  return { ...digestOf(backward(graph, [given]), names), comment: given.comment ?? '' }
}

const comments = ({ chosen }: { readonly chosen: readonly { readonly comment: string }[] }) =>
  chosen.map(({ comment }) => comment)

describe('a sample of runs', () => {
  const refunds = Array.from({ length: 60 }, (_, at) =>
    run(`Reply ${at}`, { score: 0, comment: `The refund deadline is missing for order ${at}` }),
  )
  const tone = [
    run('Hey', { score: 0, comment: 'The tone is rude and sloppy' }),
    run('Yo', { score: 0, comment: 'Rude tone again, sloppy words' }),
  ]
  const crash = [run('', { score: 0, comment: 'TypeError reading undefined property title' })]
  const good = Array.from({ length: 40 }, (_, at) =>
    run(`Fine ${at}`, { score: 1, comment: `Perfect answer ${at}` }),
  )

  it('has every kind of failure before any comes twice, and good runs between', () => {
    const sample = sampleRuns([...refunds, ...good, ...tone, ...crash], 5)
    const said = comments(sample).join('\n')
    expect(said).toContain('refund')
    expect(said).toMatch(/rude/i)
    expect(said).toContain('TypeError')
    expect(said).toContain('Perfect')
    expect(sample).toMatchObject({ of: 103, kinds: 3 })
  })

  it('is the same for the same runs, and takes all where there is room', () => {
    const all = [...good, ...refunds, ...tone]
    expect(comments(sampleRuns(all, 20))).toEqual(comments(sampleRuns(all, 20)))
    expect(new Set(sampleRuns(all, 500).chosen)).toEqual(new Set(all))
  })

  it('takes words without a score for a request, whatever else there is', () => {
    const request = run('Long', { score: null, comment: 'Make it shorter' })
    expect(comments(sampleRuns([...good, request], 1))).toEqual(['Make it shorter'])
  })

  it('finds the one failure unlike all others among thousands that are all said in other words', () => {
    const many = Array.from({ length: 5000 }, (_, at) =>
      run(`Output ${at}`, { score: 0, comment: `The refund deadline is missing for order ${at}` }),
    )
    const sample = sampleRuns(many.toSpliced(3333, 0, ...crash), 4)
    expect(sample).toMatchObject({ of: 5001, kinds: 2 })
    expect(comments(sample).join('\n')).toContain('TypeError')
  })

  describe('over names with scales of their own', () => {
    const names = measuresFor('thumb', { name: 'csat', scale: [1, 5] })
    const judged = (feedback: Partial<Feedback>, output = 'An answer') =>
      run(output, feedback, names)
    const perfect = Array.from({ length: 15 }, () =>
      judged({ name: 'thumb', score: 1, comment: 'Perfect answer.' }),
    )
    const unhappy = Array.from({ length: 15 }, () =>
      judged({ name: 'csat', score: 2, comment: 'Very unhappy with the wait.' }),
    )
    const wrong = Array.from({ length: 10 }, () =>
      judged({ name: 'thumb', score: 0, comment: 'Wrong order number.' }),
    )

    it('takes two of five stars for a failure, the best thumb for a good run, and each for a kind', () => {
      const sample = sampleRuns([...perfect, ...unhappy, ...wrong], 4)
      expect(sample.kinds).toBe(2)
      expect(comments(sample).toSorted()).toEqual([
        'Perfect answer.',
        'Very unhappy with the wait.',
        'Very unhappy with the wait.',
        'Wrong order number.',
      ])
    })

    it('finds kinds in what was said, however long and alike what it was said about', () => {
      const long = 'The parcel was sent on Monday and will come by Friday with the usual carrier. '
      const runs = [
        ...Array.from({ length: 6 }, (_, at) =>
          judged({ name: 'thumb', score: 0, comment: 'Wrong order number.' }, `${long}${at}`),
        ),
        ...Array.from({ length: 3 }, (_, at) =>
          judged({ name: 'csat', score: 1, comment: 'The tone is rude.' }, `${long}${at}`),
        ),
      ]
      expect(sampleRuns(runs, 9).kinds).toBe(2)
      const said = runs.map(({ comment, score }, at) =>
        judged({ name: 'thumb', score: score ?? 0, comment }, `Output ${'abcdefghi'[at]}`),
      )
      expect(sampleRuns(said, 9).kinds).toBe(2)
    })

    it('looks at the outputs where nothing was said that tells one failure from another', () => {
      const runs = ['billing refund', 'billing refund', 'technical crash'].map((output) =>
        judged({ name: 'thumb', score: 0, comment: 'Wrong.' }, output),
      )
      expect(sampleRuns(runs, 3).kinds).toBe(2)
    })
  })
})
