import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seeded } from '../../numeric/index.ts'
import { streams } from '../../simulation/streams.ts'
import { atMostOf } from '../../testing/binomial.ts'
import { ConfidenceSequence } from '../sequence/confidence-sequence.ts'
import type { Ledger } from './ledger.ts'
import { freshGroups, openLedger, settleLook, takeLook } from './spending.ts'

const split = 'holdout'
const groups = Array.from({ length: 40 }, (_, index) => `g${index}`)

/** Looks of candidates in turn, each read from all groups and none of them better. */
function inTurn(candidates: number): Ledger {
  let ledger = openLedger(0.05)
  for (let number = 0; number < candidates; number++) {
    const candidate = `c${number}`
    ledger = takeLook(ledger, { candidate, split, groups }).ledger
    ledger = settleLook(ledger, candidate, 'not enough evidence')
  }
  return ledger
}

test('what proposals spend never sums to more than the budget, however many there are', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0.05, max: 0.4, noNaN: true }),
      (count, alpha) => {
        let ledger = openLedger(alpha)
        let errors = 0
        for (let number = 0; number < count; number++) {
          const look = takeLook(ledger, { candidate: `c${number}`, split, groups })
          errors += look.allocation.alpha
          ledger = settleLook(
            look.ledger,
            `c${number}`,
            number % 2 === 0 ? 'worse' : 'not enough evidence',
          )
        }
        expect(errors).toBeLessThanOrEqual(alpha)
        expect(ledger.left).toBeGreaterThan(0)
        expect(ledger.left).toBeCloseTo(
          alpha - ledger.looks.reduce((sum, { spent }) => sum + spent, 0),
          12,
        )
      },
    ),
  )
})

test('a candidate pays for its first look alone and keeps its error', () => {
  const first = takeLook(openLedger(0.05), { candidate: 'a', split, groups: groups.slice(0, 10) })
  const again = takeLook(first.ledger, { candidate: 'a', split, groups: groups.slice(0, 20) })
  expect(again.allocation.alpha).toBe(first.allocation.alpha)
  expect(again.ledger.left).toBe(first.ledger.left)
  expect(again.ledger.looks.map(({ spent, groups }) => [spent > 0, groups.length])).toEqual([
    [true, 10],
    [false, 10],
  ])
})

test('a holdout that decided on one candidate is not fresh for the next', () => {
  const first = takeLook(openLedger(0.05), { candidate: 'a', split, groups: groups.slice(0, 30) })
  expect(first.allocation).toMatchObject({ basis: 'fresh', fresh: 30, reused: 0 })
  expect(freshGroups(first.ledger, split, groups)).toEqual(groups.slice(30))
  expect(freshGroups(first.ledger, 'validation', groups)).toEqual(groups)
  const next = takeLook(first.ledger, { candidate: 'b', split, groups: groups.slice(20) })
  expect(next.allocation).toMatchObject({ basis: 'reused', fresh: 10, reused: 10 })
  expect(next.allocation.alpha).toBeLessThan(first.allocation.alpha)
  const elsewhere = takeLook(first.ledger, { candidate: 'b', split, groups: groups.slice(30) })
  expect(elsewhere.allocation.basis).toBe('fresh')
})

test('a better on fresh cases earns the budget once, on reused ones nothing', () => {
  const first = takeLook(openLedger(0.05), { candidate: 'a', split, groups })
  const better = settleLook(first.ledger, 'a', 'better')
  expect(better.left).toBeCloseTo(first.ledger.left + 0.05, 12)
  expect(settleLook(better, 'a', 'better').left).toBe(better.left)
  const reused = takeLook(better, { candidate: 'b', split, groups })
  expect(settleLook(reused.ledger, 'b', 'better').left).toBe(reused.ledger.left)
})

test('a look that reads nothing is refused, so that nothing is earned by it', () => {
  expect(() => takeLook(openLedger(0.05), { candidate: 'a', split, groups: [] })).toThrow(
    expect.objectContaining({ code: 'T2_GATE_CASE' }),
  )
})

test('a budget that is used up says so', () => {
  const spent = inTurn(21)
  expect(() => takeLook(spent, { candidate: 'one more', split, groups })).toThrow(
    expect.objectContaining({ code: 'T2_LEDGER_SPENT' }),
  )
})

test('a ledger survives being stored, and one that was edited is refused', () => {
  const ledger = inTurn(3)
  const stored: Ledger = JSON.parse(JSON.stringify(ledger))
  expect(takeLook(stored, { candidate: 'd', split, groups })).toEqual(
    takeLook(ledger, { candidate: 'd', split, groups }),
  )
  const edited = { ...ledger, left: 0.05 }
  expect(() => takeLook(edited, { candidate: 'd', split, groups })).toThrow(
    expect.objectContaining({ code: 'T2_LEDGER' }),
  )
  expect(() => settleLook(ledger, 'unknown', 'better')).toThrow(
    expect.objectContaining({ code: 'T2_LEDGER' }),
  )
})

test('a campaign of twenty equal candidates on one holdout ships one in at most one of twenty', () => {
  const runs = 300
  let shipped = 0
  for (let run = 0; run < runs; run++) {
    const random = seeded(run + 1)
    let ledger = openLedger(0.05)
    // All candidates meet the same luck of the base, as on one holdout.
    const base = Array.from({ length: 120 }, () => (random() < 0.55 ? 1 : 0))
    for (let number = 0; number < 20; number++) {
      const candidate = `c${number}`
      const { allocation, ledger: next } = takeLook(ledger, { candidate, split, groups })
      const { alpha } = allocation
      const sequence = new ConfidenceSequence({
        low: -1,
        high: 1,
        alphaLower: alpha,
        alphaUpper: alpha,
        horizon: 120,
        critical: [0],
      })
      for (const [index, score] of base.entries())
        sequence.add(streams.binary(0)(random, index).candidate - score)
      ledger = settleLook(next, candidate, 'not enough evidence')
      if (sequence.lower >= 0) {
        shipped++
        break
      }
    }
  }
  expect(shipped).toBeLessThanOrEqual(atMostOf(runs, 0.05))
})
