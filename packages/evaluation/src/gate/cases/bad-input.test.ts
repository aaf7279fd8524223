import { expect, test } from 'vitest'
import { decide, Gate } from '../gate.ts'
import type { GateOptions } from '../options.ts'
import { casesNeeded, type PlanOptions } from '../planning.ts'
import type { PairedCase } from './paired-case.ts'

const options: GateOptions = { scale: { min: 0, max: 1 }, worth: 0.1, affordable: 100 }
const sound: PairedCase = { case: 'a', base: [0.5], candidate: [0.5] }

/** What comes out of a file or another process has whatever type it has. */
const unchecked = (value: unknown) => JSON.parse(JSON.stringify(value))

test.each<[string, PairedCase[], string]>([
  ['above the scale', [{ ...sound, candidate: [1.2] }], 'T2_SCORE_SCALE'],
  ['below the scale', [{ ...sound, base: [-0.01] }], 'T2_SCORE_SCALE'],
  ['no number', [{ ...sound, base: [Number.NaN] }], 'T2_SCORE_SCALE'],
  ['infinite', [{ ...sound, base: [Number.POSITIVE_INFINITY] }], 'T2_SCORE_SCALE'],
  ['a text', [unchecked({ ...sound, base: ['0.5'] })], 'T2_SCORE_SCALE'],
  ['null', [unchecked({ ...sound, base: [null] })], 'T2_SCORE_SCALE'],
  ['no trial', [{ ...sound, candidate: [] }], 'T2_SCORE_MISSING'],
  ['no side', [unchecked({ case: 'a', base: [1] })], 'T2_SCORE_MISSING'],
  ['twice the same case', [sound, sound], 'T2_GATE_CASE'],
])('a score that is %s is an error, and nothing is taken in', (_, cases, code) => {
  const gate = new Gate(options)
  const good = { ...sound, case: 'good' }
  expect(() => gate.look([good, ...cases])).toThrow(expect.objectContaining({ code }))
  expect(gate.report.counts).toMatchObject({ looks: 0, cases: 0, groups: 0 })
  expect(gate.look([good]).counts.cases).toBe(1)
})

test('a group in two looks, or a case in two, is an error', () => {
  const gate = new Gate(options)
  gate.look([{ ...sound, group: 'g' }])
  const other = { ...sound, case: 'b', group: 'g' }
  expect(() => gate.look([other])).toThrow(expect.objectContaining({ code: 'T2_GATE_CASE' }))
  expect(() => gate.look([{ ...sound, group: 'h' }])).toThrow(
    expect.objectContaining({ code: 'T2_GATE_CASE' }),
  )
})

test.each<[string, Partial<GateOptions>]>([
  ['a scale without width', { scale: { min: 1, max: 1 } }],
  ['a scale without an end', { scale: { min: 0, max: Number.POSITIVE_INFINITY } }],
  ['a scale that is no number', { scale: { min: Number.NaN, max: 1 } }],
  ['nothing worth it', { worth: 0 }],
  ['more worth than the scale has', { worth: 1 }],
  ['no cases', { affordable: 0 }],
  ['half a case', { affordable: 1.5 }],
  ['no error', { alpha: 0 }],
  ['too much error', { alpha: 0.6 }],
  ['no deviation', { deviation: 0 }],
  ['an unknown policy for what is missing', unchecked({ missing: 'ignore' })],
  ['an unknown direction', unchecked({ better: 'up' })],
  ['an unknown basis', unchecked({ basis: 'stale' })],
  [
    'two guards of one name',
    {
      guards: [
        { kind: 'errors', name: 'e', mayRiseBy: 0 },
        { kind: 'errors', name: 'e', mayRiseBy: 0.1 },
      ],
    },
  ],
  [
    'a guard without a cap',
    { guards: [{ kind: 'ratio of means', name: 'c', cap: 0, atMostTimes: 1.1 }] },
  ],
  [
    'a quality that may fall below all',
    { guards: [{ kind: 'difference', name: 'c', scale: { min: 0, max: 1 }, mayFallBy: 1 }] },
  ],
  ['a guard that must fall', { guards: [{ kind: 'typical ratio', name: 'c', atMostTimes: 0.9 }] }],
  ['a guard that allows all', { guards: [{ kind: 'errors', name: 'c', mayRiseBy: 1 }] }],
])('a gate with %s is refused', (_, wrong) => {
  expect(() => new Gate({ ...options, ...wrong })).toThrow(
    expect.objectContaining({ code: 'T2_GATE_OPTIONS' }),
  )
})

test('a sum of decimals that lies on the bound but for rounding is on the scale', () => {
  const scale = { min: 0, max: 0.3 }
  const given = [{ case: 'a', base: [0], candidate: [0.1 + 0.2] }]
  expect(decide(given, { scale, worth: 0.1, affordable: 10 }).effect?.mean).toBe(0.3)
})

test.each<[string, Partial<PlanOptions>]>([
  ['no effect', { effect: 0 }],
  ['an effect below 0', { effect: -0.1 }],
  ['an effect that is no number', { effect: Number.NaN }],
  ['no deviation', { deviation: 0 }],
  ['an error of 1', { alpha: 1 }],
  ['a power of 1', { power: 1 }],
])('a plan with %s is refused', (_, wrong) => {
  expect(() => casesNeeded({ effect: 0.1, deviation: 0.5, ...wrong })).toThrow(
    expect.objectContaining({ code: 'T2_GATE_OPTIONS' }),
  )
})

test('a trial without a score counts as the worst one for its side, and is counted', () => {
  const crashed = decide(
    [{ case: 'a', base: [0.5, 1], candidate: ['crashed', 'timed out'] }],
    options,
  )
  expect(crashed.effect?.mean).toBe(-0.75)
  expect(crashed.counts.missing).toEqual({ base: {}, candidate: { crashed: 1, 'timed out': 1 } })
  expect(crashed.why.join(' ')).toContain('2 of the candidate have no score')
  expect(decide([{ case: 'a', base: ['no score'], candidate: [0.5] }], options).effect?.mean).toBe(
    0.5,
  )
  expect(
    decide([{ case: 'a', base: ['crashed'], candidate: ['crashed'] }], options).effect?.mean,
  ).toBe(0)
})

test('trials that count both ways can take a verdict away, and never make one', () => {
  const cases = (candidate: PairedCase['candidate']) =>
    Array.from({ length: 120 }, (_, index): PairedCase => {
      const missing = index % 3 === 0
      return {
        case: String(index),
        base: missing ? ['crashed'] : [0.2],
        candidate: missing ? candidate : [0.5],
      }
    })
  const worst = decide(cases([1]), options)
  const both = decide(cases([1]), { ...options, missing: 'both ways' })
  expect(worst.verdict).toBe('better')
  expect(both.effect?.lower).toBeLessThan(worst.effect?.lower ?? 0)
  expect(both.effect?.upper).toBeGreaterThanOrEqual(worst.effect?.upper ?? 0)
  const unknown = decide(cases(['crashed']), { ...options, missing: 'both ways' })
  expect(unknown.verdict).toBe('not enough evidence')
})
