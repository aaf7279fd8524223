import type { Trial } from '@trace2/store'
import { expect, test } from 'vitest'
import type { CaseRow } from '../experiments/index.ts'
import { decide } from '../gate/index.ts'
import { sampleCase } from '../testing/experiments.ts'
import { basisText, effectText, guardStanding, levelText } from './words.ts'

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

test.each<[string, number, number, string]>([
  ['0 excluded from below', 0, 0.985, 'above 0 to +98.5'],
  ['0 excluded from above', -0.4, 0, '−40.0 to below 0'],
  ['hardly below 0', -0.0002, 0.5, '−0.1 to +50.0'],
  ['hardly above 0', 0.0002, 0.0004, '+0.0 to +0.1'],
  ['as the sequence has them', 0.1399999999999, 0.915, '+14.0 to +91.5'],
])('limits: %s', (_, lower, upper, said) => {
  const estimate = { mean: 0.1, lower, upper, alpha: 0.05, basis: 'fresh' as const }
  expect(effectText(estimate)).toContain(`(${said};`)
})

test('an effect over fewer groups than cases says so', () => {
  const report = decide(
    [
      { case: 'a', group: 'g', base: [0], candidate: [1] },
      { case: 'b', group: 'g', base: [0], candidate: [0] },
      { case: 'c', base: [0], candidate: [0] },
    ],
    { scale: { min: 0, max: 1 }, worth: 0.1, affordable: 10 },
  )
  const { effect, counts } = report
  expect(effect && effectText(effect, counts)).toContain('+25.0 points over 2 groups (')
  expect(effect && effectText(effect, { ...counts, groups: 3 })).not.toContain('groups')
})

test('a guard that no rise is allowed of is not broken, and of others it is open what they are', () => {
  const report = decide([{ case: 'a', base: [0], candidate: [1] }], {
    scale: { min: 0, max: 1 },
    worth: 0.1,
    affordable: 10,
    guards: [
      { kind: 'errors', name: 'none', mayRiseBy: 0 },
      { kind: 'errors', name: 'some', mayRiseBy: 0.1 },
    ],
  })
  expect(report.guards.map(guardStanding)).toEqual(['not broken', 'open'])
})

test('one candidate was not chosen among candidates', () => {
  const estimate = { mean: 0.1, lower: 0, upper: 1, alpha: 0.05 }
  const basis = 'chose the candidate' as const
  const told = { experiment: { split: 'validation' as const }, candidates: [1] }
  expect(basisText({ ...estimate, basis }, told)).not.toContain('among')
})
