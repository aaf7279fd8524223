import type { RecordedCall, RecordedRun } from '@trace2/instrumentation/replay'
import { describe, expect, it } from 'vitest'
import { replayCounts, replayOutcome } from './counts.ts'
import { replayability } from './replayability.ts'
import { reproduction } from './reproducible.ts'

function call(op: string, rest: Partial<RecordedCall> = {}): RecordedCall {
  return {
    id: op,
    op,
    source: null,
    parent: 0,
    isLocal: true,
    inputs: [],
    sources: [],
    parameters: [],
    form: 'value',
    outcome: { kind: 'value', value: 1 },
    hasEffects: false,
    volatile: [],
    costUsd: null,
    tokens: 0,
    ...rest,
  }
}

const run = (...calls: RecordedCall[]): RecordedRun => ({
  run: 'r',
  root: 0,
  calls: [call('agent', { parent: null }), ...calls],
})
const cut = { outcome: { kind: 'lost', reason: 'its output was cut' } } as const
const blind = { inputs: [{ role: 'db', key: null, shown: null, isParameter: false, from: null }] }

describe('a run can be replayed', () => {
  it.each([
    ['in whole', run(call('a'), call('send', { hasEffects: true })), {}, 'whole', []],
    [
      'in part, where an output is not whole',
      run(call('a', cut)),
      {},
      'part',
      ['its output was cut'],
    ],
    [
      'in part, where an input cannot be compared',
      run(call('a', blind)),
      {},
      'part',
      ['its input db cannot be compared'],
    ],
    [
      'in whole, where that input is volatile',
      run(call('a', { ...blind, volatile: ['db'] })),
      {},
      'whole',
      [],
    ],
    [
      'in whole, where the policy says so',
      run(call('a', blind)),
      { a: { volatile: ['db'] } },
      'whole',
      [],
    ],
    [
      'not at all, where that has effects',
      run(call('a', { ...cut, hasEffects: true })),
      {},
      'none',
      ['its output was cut'],
    ],
    [
      'in whole, where a stub answers',
      run(call('a', { ...cut, hasEffects: true })),
      { a: { stub: 1 } },
      'whole',
      [],
    ],
    [
      'not at all, where it must not run',
      run(call('a', cut)),
      { a: 'recorded' },
      'none',
      ['its output was cut'],
    ],
    [
      'in part, where calls always run',
      run(call('a')),
      { a: 'live' },
      'part',
      ['it always runs (`live`)'],
    ],
    [
      'in whole, where effects are to run, which they do not',
      run(call('a', { hasEffects: true })),
      { a: 'live' },
      'whole',
      [],
    ],
    [
      'in part, where another instrumentation has recorded a step',
      { ...run(call('a')), outside: [{ name: 'ChatCompletion', calls: 2 }] },
      {},
      'part',
      ['it was recorded by another instrumentation and runs again'],
    ],
  ] as const)('%s', (_how, recorded, policies, extent, reasons) => {
    const found = replayability(recorded, policies)
    expect(found.extent).toBe(extent)
    expect(found.obstacles.map(({ reason }) => reason)).toEqual(reasons)
  })
})

describe('a replay without a change', () => {
  const of = (outcome: RecordedCall['outcome']): RecordedRun => ({
    run: 'r',
    root: 0,
    calls: [call('agent', { outcome })],
  })

  it('gives what was recorded, or says where it differs first', () => {
    const recorded = of({ kind: 'value', value: { a: [1, { b: 'x' }], c: 2 } })
    expect(reproduction(recorded, { c: 2, a: [1, { b: 'x' }] })).toEqual({ isReproducible: true })
    expect(reproduction(recorded, { a: [1, { b: 'y' }], c: 3 })).toEqual({
      isReproducible: false,
      difference: { pointer: '/a/1/b', recorded: '"x"', now: '"y"' },
      reason:
        'Without any change the agent gives something else: at /a/1/b "x" was recorded, and now it is "y".',
    })
  })

  it('may fail as it did', () => {
    const recorded = of({ kind: 'error', type: 'RangeError', message: 'no', members: {} })
    expect(reproduction(recorded, { error: 'RangeError: no' })).toEqual({ isReproducible: true })
    expect(reproduction(recorded, 'an answer')).toMatchObject({ isReproducible: false })
  })

  it('is not compared with what the record does not have', () => {
    const lost = { kind: 'lost', reason: 'its output was cut' } as const
    expect(reproduction(of(lost), 'x')).toMatchObject({ isReproducible: false, difference: null })
    const described = { ...lost, described: { at: '2026-01-01T00:00:00.000Z' } }
    expect(reproduction(of(described), described.described)).toEqual({ isReproducible: true })
  })
})

it('the report of a replay becomes what a trial stores', () => {
  const report = {
    executed: { a: 2 },
    served: { b: 1, c: 3 },
    stubbed: { c: 1 },
    fresh: { a: 1 },
    unused: { b: 2, d: 1 },
    saved: { calls: 9, tokens: 100, costUsd: 0.25 },
    reasons: {},
    ended: null,
  }
  expect(replayCounts(report)).toEqual({
    executed: { a: 2 },
    served: { b: 1, c: 4 },
    fresh: 1,
    unused: 3,
    savedUsd: 0.25,
  })
  expect(replayOutcome(report)).toBeNull()
  const ended = { kind: 'diverged', reason: 'r', op: 'a', inputs: {}, nearest: null } as const
  expect(replayOutcome({ ...report, ended })).toBe('diverged')
})
