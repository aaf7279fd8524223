import { expect, test } from 'vitest'
import type { PairedCase } from '../gate/index.ts'
import { gateOptions } from './gate-settings.ts'
import { LookGates } from './look-gates.ts'

const settings = { worth: 0.1, guards: { costUsd: '+10%' } }
const options = gateOptions(settings, 200)
const allocated = { alpha: 0.05, basis: 'fresh' as const }

/** Cases on which the candidate is right and the base is not, from one number to another. */
function pairs(from: number, to: number, costUsd?: readonly [base: number, own: number]) {
  return Array.from({ length: to - from }, (_, index): PairedCase => {
    const [base = 0, own = 0] = costUsd ?? []
    const guards = costUsd ? { costUsd: { base: [base], candidate: [own] } } : {}
    return { case: `${from + index}`, base: [0], candidate: [1], guards }
  })
}

const look = (of: readonly PairedCase[], diverged: readonly PairedCase[] = []) => ({
  pairs: of,
  excluded: [],
  diverged,
})

/** Cases on which the candidate diverged: the worst to the one gate. */
const diverged = (from: number, to: number) =>
  pairs(from, to).map((one) => ({ ...one, base: [1], candidate: ['diverged' as const] }))

test('a guard of which something is seen only in a later look reads it, and the looks before', () => {
  const gates = new LookGates(options, 'live')
  expect(gates.read(look(pairs(0, 20)), allocated, []).guards).toEqual([])
  gates.read(look(pairs(20, 30, [0.001, 0.01])), allocated, [])
  const report = gates.read(look(pairs(30, 80, [0.001, 0.01])), allocated, [])
  expect(report).toMatchObject({
    verdict: 'worse',
    guards: [{ name: 'costUsd', standing: 'broken', cases: 60 }],
    counts: { looks: 3, cases: 80 },
  })
})

test('the same cases say the same in one look or in several, whenever a guard is seen', () => {
  const of = [...pairs(0, 10), ...pairs(10, 90, [0.002, 0.001])]
  const whole = new LookGates(options, 'live')
  whole.read(look(of), allocated, [])
  const parts = new LookGates(options, 'live')
  for (let from = 0; from < of.length; from += 10) {
    parts.read(look(of.slice(from, from + 10)), allocated, [])
  }
  const { counts, ...said } = parts.report
  expect(said).toEqual({ ...whole.report, counts: undefined })
  expect(counts).toEqual({ ...whole.report.counts, looks: 9 })
})

test.each([
  ['before the first look', (gates: LookGates) => [gates.skip(look([], diverged(100, 160)))]],
  ['after the last look', () => []],
])('cases that all diverged withhold `better`, also %s', (_, before) => {
  const gates = new LookGates(gateOptions({ worth: 0.1, guards: {} }, 200), 'replay')
  before(gates)
  gates.read(look(pairs(0, 30)), allocated, [])
  gates.skip(look([], diverged(160, 200)))
  expect(gates.report.verdict).toBe('not enough evidence')
  expect(gates.report.why.join(' ')).toContain('no replay can answer')
})
