import type { Proposal } from '@trace2/store'
import { describe, expect, it } from 'vitest'
import type { Digest } from '../batch/index.ts'
import type { Variable } from '../prompt/index.ts'
import { measuresFor } from '../testing/feedback.ts'
import { earlierAttempts } from './attempts.ts'

const noProposals = { proposals: async (): Promise<Proposal[]> => [] }

const variable = (name: string, version: string): Variable => {
  return { name, version, value: version, valueKind: 'text', description: '', schema: null }
}

function digest(
  used: Readonly<Record<string, string>>,
  scores: Readonly<Record<string, number>>,
): Digest {
  const reached = Object.entries(used).map(([name, version]) => ({ name, version, value: version }))
  const common = { run: 'r', feedback: 0, unreached: [], features: '', score: undefined }
  return { ...common, reached, scores: new Map(Object.entries(scores)) }
}

describe('what was tried before', () => {
  const measures = measuresFor('thumb', 'csat')
  const variables = [variable('tone', 'usual'), variable('size', 's')]
  const digests = [
    digest({ tone: 'usual', size: 's' }, { thumb: 1 }),
    digest({ tone: 'usual', size: 's' }, { csat: 0.25 }),
    digest({ tone: 'usual' }, { csat: 0.75, thumb: 0 }),
    digest({ tone: 'rare', size: 's' }, { thumb: 1 }),
    digest({ tone: 'new' }, { csat: 1 }),
    digest({ other: 'x' }, { thumb: 0 }),
  ]

  it('has the present version among it, each with its scores per name and every variable', async () => {
    const attempts = await earlierAttempts(noProposals, digests, variables, measures, 8)
    expect(attempts.map(({ values, ...attempt }) => ({ ...attempt, values: [...values] }))).toEqual(
      [
        {
          values: [
            ['size', 's'],
            ['tone', 'rare'],
          ],
          score: 1,
          scores: [{ name: 'thumb', mean: 1, runs: 1 }],
          runs: 1,
          note: '',
        },
        {
          values: [
            ['tone', 'usual'],
            ['size', 's'],
          ],
          present: true,
          score: 0.5,
          scores: [
            { name: 'thumb', mean: 0.5, runs: 2 },
            { name: 'csat', mean: 0.5, runs: 2 },
          ],
          runs: 3,
          note: '',
        },
        {
          // A score of another name is no score under the objective.
          values: [['tone', 'new']],
          score: null,
          scores: [{ name: 'csat', mean: 1, runs: 1 }],
          runs: 1,
          note: '',
        },
      ],
    )
  })

  it('is compared by the objective that was chosen', async () => {
    const chosen = measuresFor('csat', 'thumb')
    const attempts = await earlierAttempts(noProposals, digests, variables, chosen, 1)
    expect(attempts.map(({ score, present }) => [score, present === true])).toEqual([
      [1, false],
      [0.5, true],
    ])
  })

  it('is left out where no memory is wanted', async () => {
    expect(await earlierAttempts(noProposals, digests, variables, measures, 0)).toEqual([])
  })
})
