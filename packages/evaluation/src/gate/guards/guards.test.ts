import { expect, test } from 'vitest'
import { seeded } from '../../numeric/index.ts'
import { guardRuns, usageScenarios } from '../../simulation/guarded.ts'
import { atMostOf } from '../../testing/binomial.ts'
import type { PairedCase } from '../cases/paired-case.ts'
import { decide } from '../gate.ts'
import type { GateReport } from '../report.ts'
import type { Guard } from './guard.ts'

const options = { scale: { min: 0, max: 1 }, worth: 0.1, affordable: 300 }

/** A candidate that is clearly better, and whose guarded quantity is `times` the base's. */
function cases(name: string, times: number, count = 200): PairedCase[] {
  const random = seeded(3)
  return Array.from({ length: count }, (_, index) => {
    const base = 0.2 + 0.2 * random()
    const candidate = Math.min(base * times * (0.9 + 0.2 * random()), 1)
    return {
      case: String(index),
      base: [0],
      candidate: [index % 4 === 0 ? 0 : 1],
      guards: { [name]: { base: [base], candidate: [candidate] } },
    }
  })
}

/** Of which more is better. */
function negated(given: readonly PairedCase[]): PairedCase[] {
  const turned = (values: readonly number[] = []) => values.map((value) => -value)
  return given.map((one) => {
    const { base, candidate } = one.guards?.g ?? {}
    return { ...one, guards: { g: { base: turned(base), candidate: turned(candidate) } } }
  })
}

const kinds: readonly Guard[] = [
  { kind: 'difference', name: 'g', scale: { min: 0, max: 1 }, mayRiseBy: 0.06 },
  { kind: 'difference', name: 'g', scale: { min: -1, max: 0 }, mayFallBy: 0.06 },
  { kind: 'ratio of means', name: 'g', cap: 1, atMostTimes: 1.2 },
  { kind: 'ratio of means', name: 'g', atMostTimes: 1.2 },
  { kind: 'typical ratio', name: 'g', atMostTimes: 1.2 },
]

test.each(kinds)('a guard is kept, open or broken, and the verdict heeds it: $kind', (guard) => {
  const [kept, open, broken] = [1, 1.2, 2].map((times) =>
    decide('mayFallBy' in guard ? negated(cases('g', times)) : cases('g', times), {
      ...options,
      guards: [guard],
    }),
  )
  expect([kept, open, broken].map((report) => report?.guards[0]?.standing)).toEqual([
    'kept',
    'open',
    'broken',
  ])
  expect(kept?.verdict).toBe('better')
  expect(open?.verdict).toBe('not enough evidence')
  expect(open?.why.join(' ')).toContain('The guard g is not shown to be kept')
  expect(broken?.verdict).toBe('worse')
  for (const report of [kept, open, broken]) {
    const { lower, upper, mean, allowed } = report?.guards[0] ?? {}
    expect([lower, upper, mean, allowed].every(Number.isFinite)).toBe(true)
  }
  expect(kept?.guards[0]).toMatchObject({ cases: 200, groups: 200 })
})

test('a guard that has room but few cases says how many more it takes', () => {
  const guard: Guard = { kind: 'ratio of means', name: 'g', cap: 1, atMostTimes: 1.3 }
  const report = decide(cases('g', 1, 20), { ...options, guards: [guard] })
  expect(report.guards[0]?.standing).toBe('open')
  expect(report.more).toMatchObject({ toShow: 'guards kept' })
  expect(report.more?.groups).toBeGreaterThan(5)
  // It is an estimate from 20 cases.
  const enough = decide(cases('g', 1, Math.ceil(1.15 * (20 + (report.more?.groups ?? 0)))), {
    ...options,
    guards: [guard],
  })
  expect(enough.verdict).toBe('better')
})

test('where no rise is allowed, a guard need only not be broken', () => {
  const guards: readonly Guard[] = [{ kind: 'errors', name: 'errors', mayRiseBy: 0 }]
  const calm = cases('g', 1)
  expect(decide(calm, { ...options, guards }).verdict).toBe('better')
  const strict: readonly Guard[] = [{ kind: 'errors', name: 'errors', mayRiseBy: 0, needs: 'kept' }]
  expect(decide(calm, { ...options, guards: strict }).verdict).toBe('not enough evidence')
  const crashing = calm.map(
    (one, index): PairedCase => (index % 5 === 1 ? { ...one, candidate: ['crashed'] } : one),
  )
  const report = decide(crashing, { ...options, guards })
  expect(report.guards[0]).toMatchObject({ standing: 'broken', mean: expect.closeTo(0.2) })
  expect(report.verdict).toBe('worse')
})

test('a quality that falls is not missed because less of something else would be better', () => {
  const guard: Guard = {
    kind: 'difference',
    name: 'g',
    scale: { min: 0, max: 1 },
    mayFallBy: 0.1,
  }
  const given = cases('g', 1).map((one) => ({
    ...one,
    guards: { g: { base: [1], candidate: [0] } },
  }))
  expect(decide(given, { ...options, guards: [guard] }).verdict).toBe('worse')
})

test.each<[string, Guard]>([
  ['ratio of means', { kind: 'ratio of means', name: 'g', atMostTimes: 1.1 }],
  ['typical ratio', { kind: 'typical ratio', name: 'g', atMostTimes: 1.1 }],
])('a rare case that takes very much is not overlooked: %s', (_, guard) => {
  const runs = 60
  for (const amounts of [usageScenarios['25 times in 5 %'], usageScenarios['100 times in 3 %']]) {
    const { kept } = guardRuns(guard, amounts, { runs, length: 150 })
    expect(kept * runs).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  }
})

test('one case beyond all measure leaves a mean open, and that is said', () => {
  const guard: Guard = { kind: 'ratio of means', name: 'g', atMostTimes: 1.2 }
  const given = cases('g', 1).map(
    (one, index): PairedCase =>
      index === 77 ? { ...one, guards: { g: { base: [0.3], candidate: [30] } } } : one,
  )
  const report = decide(given, { ...options, guards: [guard] })
  expect(report.guards[0]).toMatchObject({ standing: 'open', beyond: 1, more: undefined })
  expect(report.why.join(' ')).toContain('1 group took so much more than is allowed')
})

test('cases without a value on one side are not counted for a guard, and that is said', () => {
  const guard: Guard = { kind: 'typical ratio', name: 'g', atMostTimes: 1.2 }
  const some = cases('g', 1).map(
    (one, index): PairedCase => (index < 50 ? { ...one, guards: {} } : one),
  )
  const report: GateReport = decide(some, { ...options, guards: [guard] })
  expect(report.guards[0]?.cases).toBe(150)
  expect(report.why.join(' ')).toContain('150 of 200 cases')
})

test.each<[string, Guard, number]>([
  ['above its cap', { kind: 'ratio of means', name: 'g', cap: 0.1, atMostTimes: 1.1 }, 0.2],
  ['not positive', { kind: 'typical ratio', name: 'g', atMostTimes: 1.1 }, 0],
  ['no number', { kind: 'typical ratio', name: 'g', atMostTimes: 1.1 }, Number.NaN],
  [
    'off its scale',
    { kind: 'difference', name: 'g', scale: { min: 0, max: 1 }, mayRiseBy: 0.1 },
    2,
  ],
])('a guarded value that is %s is an error', (_, guard, value) => {
  const wrong: PairedCase = {
    case: 'a',
    base: [0],
    candidate: [1],
    guards: { g: { base: [value], candidate: [0.05] } },
  }
  expect(() => decide([wrong], { ...options, guards: [guard] })).toThrow(
    expect.objectContaining({ code: 'T2_SCORE_SCALE' }),
  )
})

test('a guard exactly at what is allowed is shown neither kept nor broken, but for its error', () => {
  const runs = 200
  let [kept, broken] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const random = seeded(run + 1)
    const given = Array.from({ length: 120 }, (_, index): PairedCase => {
      const values = { base: [random()], candidate: [Math.min(1.5 * random(), 1.5)] }
      return { case: String(index), base: [0], candidate: [0], guards: { g: values } }
    })
    const guards: readonly Guard[] = [
      { kind: 'ratio of means', name: 'g', cap: 1.5, atMostTimes: 1.5 },
    ]
    const standing = decide(given, { ...options, guards }).guards[0]?.standing
    if (standing === 'kept') kept++
    if (standing === 'broken') broken++
  }
  expect(kept).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  expect(broken).toBeLessThanOrEqual(atMostOf(runs, 0.05))
})

test.each<[string, Guard]>([
  ['with a cap', { kind: 'ratio of means', name: 'g', cap: 1, atMostTimes: 1.2 }],
  ['without one', { kind: 'ratio of means', name: 'g', atMostTimes: 1.2 }],
])(
  'what neither side takes any of need not be shown to be kept, until one does: %s',
  (_, guard) => {
    const nothing = cases('g', 0).map((one) => ({
      ...one,
      guards: { g: { base: [0], candidate: [0] } },
    }))
    const free = decide(nothing, { ...options, guards: [guard] })
    expect(free).toMatchObject({ verdict: 'better', guards: [{ needs: 'not broken' }] })
    const [first, ...rest] = nothing
    const once = first
      ? [{ ...first, guards: { g: { base: [0], candidate: [0.5] } } }, ...rest]
      : []
    expect(decide(once, { ...options, guards: [guard] })).toMatchObject({
      verdict: 'not enough evidence',
      guards: [{ needs: 'kept' }],
    })
    expect(decide(cases('other', 1), { ...options, guards: [guard] }).verdict).not.toBe('better')
  },
)
