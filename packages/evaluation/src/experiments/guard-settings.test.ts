import type { Trial } from '@trace2/store'
import { expect, test } from 'vitest'
import { decide, type Guard } from '../gate/index.ts'
import { baseId } from './candidate.ts'
import { guardsOf } from './guard-settings.ts'
import { pairTrials } from './pairs.ts'

const scale = { min: 0, max: 1 }

test.each<[string, string, Guard]>([
  ['errors', '+0', { kind: 'errors', name: 'errors', mayRiseBy: 0 }],
  ['errors', '2%', { kind: 'errors', name: 'errors', mayRiseBy: 0.02 }],
  ['costUsd', '+50%', { kind: 'ratio of means', name: 'costUsd', atMostTimes: 1.5 }],
  ['tokens', '+0', { kind: 'ratio of means', name: 'tokens', atMostTimes: 1 }],
  ['latencyMs', ' + 25 % ', { kind: 'typical ratio', name: 'latencyMs', atMostTimes: 1.25 }],
  ['politeness', '-0.05', { kind: 'difference', name: 'politeness', scale, mayFallBy: 0.05 }],
  ['toxicity', '+0.05', { kind: 'difference', name: 'toxicity', scale, mayRiseBy: 0.05 }],
])('the guard %s: %s is understood', (name, allowance, guard) => {
  expect(guardsOf({ [name]: allowance })).toEqual([guard])
})

test.each([
  ['costUsd', '-10%', 'less of it is better'],
  ['costUsd', '+0.1', 'write +0.1%'],
  ['errors', '-0.1', 'less of it is better'],
  ['errors', 'none', 'is no change'],
  ['cost', '+10%', 'errors, costUsd, latencyMs, tokens'],
  ['politeness', '0.05', 'how much it may fall'],
  ['politeness', '--1', 'is no change'],
])('the guard %s: %s is refused, with what to write', (name, allowance, why) => {
  expect(() => guardsOf({ [name]: allowance })).toThrow(
    expect.objectContaining({ code: 'T2_GATE_OPTIONS', message: expect.stringContaining(why) }),
  )
})

const given = { label: null, comment: null, error: null }

function trialOf(number: number, candidate: string, score: number, politeness: number): Trial {
  return {
    id: `${number}-${candidate}`,
    experiment: 'e',
    candidate,
    case: String(number),
    repeat: 0,
    key: '',
    outcome: 'done',
    reason: null,
    traceId: '',
    output: null,
    scores: [
      { ...given, guide: 'exact', score },
      { ...given, guide: 'politeness', score: politeness },
    ],
    score,
    latencyMs: 0,
    inputTokens: 0,
    outputTokens: 0,
    costUsd: 0,
    replay: null,
    used: null,
    cached: false,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
  }
}

test.each([
  [0.9, 'better', 'kept'],
  [0.2, 'worse', 'broken'],
])(
  'the score of a guide is guarded: politeness from 0.9 to %d is %s',
  (after, verdict, standing) => {
    const trials = Array.from({ length: 150 }, (_, index) => [
      trialOf(index, baseId, 0, 0.9),
      trialOf(index, 'p-1', 1, after),
    ]).flat()
    const { pairs } = pairTrials(trials, new Map(), 'p-1')
    // What costs nothing is no error.
    const guards = guardsOf({ politeness: '-0.1', costUsd: '+0' })
    const report = decide(pairs, { scale, worth: 0.1, affordable: 150, guards })
    expect(report.verdict).toBe(verdict)
    expect(report.guards[0]).toMatchObject({ name: 'politeness', standing })
  },
)
