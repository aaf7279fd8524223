import type { Case, Dataset } from '@trace2/store'
import { expect, test } from 'vitest'
import { caseId } from '../draft.ts'
import { describeDataset } from './describe.ts'

type Part = Partial<Case>

function dataset(cases: readonly Part[]): Dataset {
  const whole = cases.map((part, at): Case => {
    const inputs = { input: at }
    const id = caseId(inputs)
    const rest = { reference: 'x', feedback: [], run: null, metadata: {}, split: 'train' } as const
    return { id, inputs, group: id, ...rest, ...part }
  })
  const counts = {
    cases: whole.length,
    groups: 0,
    references: 0,
    splits: { train: 0, validation: 0, holdout: 0 },
  }
  return { name: 'd', version: 1, createdAt: '', origin: '', hash: '', counts, cases: whole }
}

const many = (count: number, part: Part): Part[] => Array.from({ length: count }, () => part)
const kinds = (cases: readonly Part[]) =>
  describeDataset(dataset(cases)).warnings.map(({ kind }) => kind)

const sound = [
  ...many(50, { split: 'train' }),
  ...many(50, { split: 'validation' }),
  ...many(1_800, { split: 'holdout' }),
]
const withScores = (split: Case['split'], scores: readonly number[]) =>
  scores.map((baseScore): Part => ({ split, metadata: { baseScore } }))

test.each<[what: string, warnings: readonly string[], cases: readonly Part[]]>([
  ['sound', [], sound],
  ['of one case', ['one case', 'small holdout'], [{ split: 'holdout' }]],
  ['of one group', ['one group'], many(9, { group: 'a' })],
  [
    'with a large group',
    ['large group'],
    [...sound, ...many(1_000, { group: 'a', split: 'train' })],
  ],
  ['without references', ['no references'], sound.map((part) => ({ ...part, reference: null }))],
  ['without a validation split', ['empty split'], sound.filter((p) => p.split !== 'validation')],
  ['with a small holdout', ['small holdout'], sound.slice(0, 200)],
  [
    'chosen by how runs went',
    ['chosen by outcome', 'small holdout'],
    sound.map((part, at) =>
      at >= 100 && at < 700 ? { ...part, metadata: { chosenBy: 'failures' } } : part,
    ),
  ],
  [
    'with unequal splits',
    ['unequal splits'],
    [
      ...sound,
      ...withScores('train', [...many(40, {}).map(() => 0), 1]),
      ...withScores('holdout', [...many(40, {}).map(() => 1), 0]),
    ],
  ],
  [
    'whose splits differ by luck',
    [],
    [...sound, ...withScores('train', [0, 1, 0, 1, 1]), ...withScores('holdout', [1, 1, 0, 1, 0])],
  ],
])('a dataset %s is warned of as %j', (_what, warnings, cases) => {
  expect(kinds(cases)).toEqual(warnings)
})

test('a small holdout is told what it can show', () => {
  const messageOf = (groups: number) =>
    describeDataset(dataset(many(groups, { split: 'holdout' }))).warnings.find(
      ({ kind }) => kind === 'small holdout',
    )?.message
  expect(messageOf(5)).toContain('can hardly show anything')
  const gains = [50, 100, 200, 400].map((groups) =>
    Number(/gain of about (\d+) points/.exec(messageOf(groups) ?? '')?.[1]),
  )
  expect(gains).toEqual(gains.toSorted((a, b) => b - a))
  expect(new Set(gains).size).toBe(4)
})

test('counts are by split, and by name of feedback', () => {
  const piece = (name: string) => ({
    name,
    score: 1,
    label: null,
    comment: null,
    source: 'human' as const,
  })
  const { splits, feedback, ...described } = describeDataset(
    dataset([
      { group: 'a', feedback: [piece('thumb'), piece('thumb'), piece('csat')] },
      { group: 'a', reference: null, feedback: [piece('thumb')], metadata: { baseScore: 0.5 } },
      { group: 'b', split: 'holdout', metadata: { chosenBy: 'score', baseScore: 1 } },
      { group: 'c', split: 'holdout' },
    ]),
  )
  expect(described).toMatchObject({
    cases: 4,
    groups: 3,
    references: 3,
    largestGroup: 2,
    chosenBy: { score: 1 },
  })
  expect(splits).toMatchObject([
    { split: 'train', cases: 2, groups: 1, references: 1, judged: 2, scored: 1, meanScore: 0.5 },
    { split: 'validation', cases: 0, meanScore: null },
    { split: 'holdout', cases: 2, groups: 2, fairGroups: 1, meanScore: 1, scoreVariance: null },
  ])
  expect(feedback).toEqual([
    { name: 'thumb', pieces: 3, cases: 2 },
    { name: 'csat', pieces: 1, cases: 1 },
  ])
})
