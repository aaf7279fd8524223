import type { Trial } from '@trace2/store'
import { expect, test } from 'vitest'
import type { CaseRow } from '../experiments/index.ts'
import { sampleCase } from '../testing/experiments.ts'
import { levelText } from './words.ts'

function row(base: number | null, own: number | null): CaseRow {
  const trial = (score: number | null) => ({ score }) as Trial
  return {
    case: sampleCase(1),
    base,
    own,
    difference: (own ?? 0) - (base ?? 0),
    baseTrials: [trial(base)],
    ownTrials: [trial(own)],
  }
}

test.each<[string, readonly CaseRow[], string | undefined]>([
  ['only the lowest score', [row(0, 0), row(0, 0)], 'scores 0'],
  ['only the highest score', [row(1, 1), row(1, 1)], 'scores 1'],
  ['no score', [row(null, null)], 'No trial has a score.'],
  ['one that differs', [row(0, 0), row(0, 1)], undefined],
  ['some without', [row(0, null), row(0, 0)], undefined],
  ['the same in the middle', [row(0.5, 0.5)], undefined],
  ['no case', [], undefined],
])('%s: what can be seen of a change', (_, rows, said) => {
  const told = levelText({ rows })
  if (said === undefined) expect(told).toBeUndefined()
  else expect(told).toContain(said)
})
