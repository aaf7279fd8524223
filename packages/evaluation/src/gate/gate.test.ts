import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { seeded } from '../numeric/index.ts'
import { atMostOf } from '../testing/binomial.ts'
import type { PairedCase, Trial } from './cases/paired-case.ts'
import { decide, Gate } from './gate.ts'
import { Wealth } from './sequence/wealth.ts'

const options = { scale: { min: 0, max: 1 }, worth: 0.1, affordable: 200 }

/** Cases of which so many go up and so many go down by `by`, the others staying as they are. */
function cases(up: number, down: number, same: number, by = 1): PairedCase[] {
  const random = seeded(up * 7 + down)
  const differences = [
    ...Array.from({ length: up }, () => by),
    ...Array.from({ length: down }, () => -by),
    ...Array.from({ length: same }, () => 0),
  ]
  return differences.map((difference, index) => {
    const base = difference < 0 ? by : random() < 0.5 && difference === 0 ? 1 : 0
    return { case: `case ${index}`, base: [base], candidate: [base + difference] }
  })
}

const trial = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom<Trial>('crashed', 'timed out', 'diverged', 'no score') },
)
const trials = fc.array(trial, { minLength: 1, maxLength: 3 })
const anyCases = fc
  .array(fc.record({ base: trials, candidate: trials, group: fc.integer({ min: 0, max: 9 }) }), {
    maxLength: 30,
  })
  .map((list) =>
    list.map((one, index): PairedCase => ({ ...one, case: `c${index}`, group: `g${one.group}` })),
  )

test.each([
  ['better', cases(60, 5, 60)],
  ['worse', cases(5, 60, 60)],
  ['no difference worth it', cases(10, 10, 2_000, 0.1)],
  ['not enough evidence', cases(6, 4, 20)],
] as const)('says %s', (verdict, given) => {
  const report = decide(given, { ...options, affordable: 3_000 })
  expect(report.verdict).toBe(verdict)
  expect(report.counts).toMatchObject({ looks: 1, cases: given.length, groups: given.length })
  const { lower = 1, upper = 0 } = report.effect ?? {}
  expect(lower < upper).toBe(true)
})

test('what is better stays better when more of the same comes', () => {
  const gate = new Gate(options)
  expect(gate.look(cases(60, 5, 60)).verdict).toBe('better')
  const later = cases(20, 20, 20).map((one) => ({ ...one, case: `later ${one.case}` }))
  expect(gate.look(later).verdict).toBe('better')
})

test('a report does not depend on the order of the cases within a look', () => {
  fc.assert(
    fc.property(anyCases, fc.integer(), (given, seed) => {
      const random = seeded(seed)
      const shuffled = given
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one)
      expect(decide(shuffled, options)).toEqual(decide(given, options))
    }),
    { numRuns: 40 },
  )
})

test('a report does not depend on the unit of the scores', () => {
  const small = decide(cases(40, 10, 40), options)
  const scaled = cases(40, 10, 40).map((one) => ({
    ...one,
    base: one.base.map((score) => (typeof score === 'number' ? score * 8 - 4 : score)),
    candidate: one.candidate.map((score) => (typeof score === 'number' ? score * 8 - 4 : score)),
  }))
  const large = decide(scaled, { ...options, scale: { min: -4, max: 4 }, worth: 0.8 })
  expect(large.verdict).toBe(small.verdict)
  expect(large.eValue).toBeCloseTo(small.eValue, 9)
  expect(large.effect?.lower).toBeCloseTo((small.effect?.lower ?? 0) * 8, 9)
})

test('base and candidate exchanged turn the report round', () => {
  const given = cases(50, 8, 40)
  const turned = given.map((one) => ({ ...one, base: one.candidate, candidate: one.base }))
  const [one, other] = [decide(given, options), decide(turned, options)]
  expect([one.verdict, other.verdict]).toEqual(['better', 'worse'])
  expect(other.effect?.lower).toBeCloseTo(-(one.effect?.upper ?? 0), 12)
  expect(other.effect?.upper).toBeCloseTo(-(one.effect?.lower ?? 0), 12)
})

test('where less is better the same scores give the turned verdict, and the same evidence', () => {
  fc.assert(
    fc.property(anyCases, fc.constantFrom('worst score', 'both ways'), (given, missing) => {
      const scale = { min: 0, max: 8 }
      const scaled = (turn: boolean) =>
        given.map((one) => {
          const read = (trials: readonly Trial[]) =>
            trials.map((score) =>
              typeof score === 'number' ? 8 * (turn ? 1 - score : score) : score,
            )
          return { ...one, base: read(one.base), candidate: read(one.candidate) }
        })
      const common = { scale, worth: 0.8, affordable: 200, missing }
      const more = decide(scaled(false), common)
      const less = decide(scaled(true), { ...common, better: 'lower' })
      expect(less.verdict).toBe(more.verdict)
      expect(less.eValue).toBeCloseTo(more.eValue, 6)
      expect(less.effect?.mean).toBeCloseTo(-(more.effect?.mean ?? 0), 9)
      expect(less.effect?.lower).toBeCloseTo(-(more.effect?.upper ?? 0), 9)
    }),
    { numRuns: 30 },
  )
  const seconds = Array.from({ length: 60 }, (_, index) => ({
    case: String(index),
    base: [8],
    candidate: [2],
  }))
  const faster = decide(seconds, {
    scale: { min: 0, max: 10 },
    worth: 1,
    affordable: 100,
    better: 'lower',
  })
  expect(faster).toMatchObject({ verdict: 'better', effect: { mean: -6 } })
  expect(faster.why).toContain('The mean score is lower.')
})

test('many cases of one group are one piece of evidence', () => {
  const one = Array.from({ length: 500 }, (_, index) => ({
    case: String(index),
    group: 'session',
    base: [0],
    candidate: [1],
  }))
  const report = decide(one, options)
  expect(report.verdict).toBe('not enough evidence')
  expect(report.counts).toMatchObject({ groups: 1, cases: 500 })
  expect(report.eValue).toBeLessThan(5)
})

test('repeats of a case are averaged and do not count as cases', () => {
  const once = cases(12, 2, 6)
  const thrice = once.map((one) => ({
    ...one,
    base: [...one.base, ...one.base, ...one.base],
    candidate: [...one.candidate, ...one.candidate, ...one.candidate],
  }))
  const [a, b] = [decide(once, options), decide(thrice, options)]
  expect(b.effect).toEqual(a.effect)
  expect(b.counts.repeats).toEqual({ fewest: 3, most: 3 })
  expect(b.counts.trials).toEqual({ base: 60, candidate: 60 })
})

test('dependent cases of one group make no false better', () => {
  const runs = 100
  let [grouped, apart] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const random = seeded(run + 1)
    const given = Array.from({ length: 20 }, (_, group) => {
      const [base, candidate] = random() < 0.5 ? [0, 1] : [1, 0]
      return Array.from({ length: 12 }, (_, index) => ({
        case: `${group} ${index}`,
        group: String(group),
        base: [base],
        candidate: [candidate],
      }))
    }).flat()
    if (decide(given, options).verdict === 'better') grouped++
    const alone = given.map((one) => ({ ...one, group: one.case }))
    if (decide(alone, options).verdict === 'better') apart++
  }
  expect(grouped).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  // The same cases as if each stood by itself: what the groups are for.
  expect(apart).toBeGreaterThan(atMostOf(runs, 0.05))
})

test('a dataset of one case, of identical cases and of none has an outcome', () => {
  const none = new Gate(options).report
  expect(none).toMatchObject({ verdict: 'not enough evidence', advice: 'go on', eValue: 1 })
  expect(none.more?.groups).toBeGreaterThan(100)
  expect(decide(cases(1, 0, 0), options).verdict).toBe('not enough evidence')
  const identical = decide(cases(0, 0, 100), options)
  expect(identical.verdict).toBe('no difference worth it')
  expect(identical.effect?.mean).toBe(0)
})

test('a gate announces what it takes, and says so where that is not affordable', () => {
  const { more } = decide(cases(10, 8, 40), { ...options, worth: 0.02, affordable: 100 })
  expect(more).toMatchObject({ toShow: 'better', affordable: false, power: 0.8 })
  expect(more?.groups).toBeGreaterThan(1_000)
  const easy = decide(cases(10, 3, 20), { ...options, worth: 0.2 }).more
  expect(easy).toMatchObject({ affordable: true })
  expect(easy?.groups).toBeLessThan(60)
})

test('a candidate that the cases left could hardly show to be better is stopped, with the reason', () => {
  const few = decide(cases(5, 5, 20), { ...options, affordable: 40 })
  expect(few).toMatchObject({ verdict: 'not enough evidence', advice: 'stop' })
  expect(few.why.join(' ')).toContain('the cases left would show it with a chance of only')
  expect(decide(cases(5, 5, 20), { ...options, affordable: 2_000 }).advice).toBe('go on')
})

test('cases that chose the candidate never make it better, and their estimate is not its effect', () => {
  const report = decide(cases(60, 5, 60), { ...options, basis: 'chose the candidate' })
  expect(report.verdict).toBe('not enough evidence')
  expect(report.effect).toBeUndefined()
  expect(report.onChoosingCases?.mean).toBeGreaterThan(0.3)
  expect(report.advice).toBe('stop')
  expect(report.why.join(' ')).toContain('how the candidate came about')
  expect(report.more?.groups).toBeGreaterThan(10)
})

test('the work grows with the cases, not faster', () => {
  const bets = vi.spyOn(Wealth.prototype, 'bet')
  const work = (count: number) => {
    bets.mockClear()
    const gate = new Gate(options)
    const given = cases(Math.round(count / 10), Math.round(count / 10), Math.round(count * 0.8))
    for (let at = 0; at < given.length; at++) gate.look(given.slice(at, at + 1))
    return bets.mock.calls.length
  }
  const [single, double] = [work(60), work(120)]
  expect(single).toBeGreaterThan(60)
  expect(double).toBeLessThanOrEqual(2.1 * single)
  bets.mockRestore()
})
