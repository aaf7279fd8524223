import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seeded } from '../../numeric/index.ts'
import { gateRuns } from '../../simulation/operating.ts'
import { streams } from '../../simulation/streams.ts'
import { atMostOf } from '../../testing/binomial.ts'
import { Gate } from '../gate.ts'
import { betterOfSeveral } from './e-bh.ts'

const named = (values: readonly number[]) =>
  new Map(values.map((value, index): [string, number] => [`c${index}`, value]))

test.each([
  [[], []],
  [[19], []],
  [[20], ['c0']],
  [[1, 40, 0.5], []],
  [[1, 60, 0.5], ['c1']],
  // Two of three need only half of what one needs.
  [
    [30, 30, 0],
    ['c0', 'c1'],
  ],
  [[30, 29, 0], []],
])('of %j, %j are better at an error of 0.05', (values, better) => {
  expect(betterOfSeveral(named(values), 0.05)).toEqual(better)
})

test('more evidence for a candidate never takes another out', () => {
  const evidence = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(
      evidence,
      fc.nat(),
      fc.double({ min: 0, max: 500, noNaN: true }),
      (values, at, gain) => {
        const before = betterOfSeveral(named(values))
        const more = betterOfSeveral(
          named(values.with(at % values.length, (values[at % values.length] ?? 0) + gain)),
        )
        expect(before.filter((name) => !more.includes(name))).toEqual([])
      },
    ),
  )
})

test.each([Number.NaN, -1])('an e-value of %d is refused', (value) => {
  expect(() => betterOfSeveral(named([value]))).toThrow(
    expect.objectContaining({ code: 'T2_GATE_OPTIONS' }),
  )
})

test('of ten equal candidates one is found in at most one campaign of twenty, and a better one is found', () => {
  const runs = 100
  let wrong = 0
  let found = 0
  for (let run = 0; run < runs; run++) {
    const gates = Array.from({ length: 10 }, (_, number) => {
      const effect = number === 0 && run % 2 === 0 ? 0.4 : 0
      const options = { worth: 0.1, affordable: 60, alpha: 0.005 }
      const simulation = {
        stream: streams.binary(effect),
        runs: 1,
        length: 60,
        seed: run * 10 + number + 1,
      }
      return gateRuns(simulation, options, 60)[0]?.eValue ?? 0
    })
    const better = betterOfSeveral(named(gates))
    if (better.includes('c0') && run % 2 === 0) found++
    if (better.some((name) => name !== 'c0' || run % 2 === 1)) wrong++
  }
  expect(wrong).toBeLessThanOrEqual(atMostOf(runs, 0.05))
  expect(found).toBeGreaterThan(30)
})

test('the best of twenty equal candidates looks better where it was chosen, not where the gate decides', () => {
  const runs = 60
  let [naive, reported] = [0, 0]
  let shipped = 0
  for (let run = 0; run < runs; run++) {
    const random = seeded(run + 1)
    const draw = (index: number) => streams.binary(0)(random, index)
    const onChoosing = Array.from({ length: 20 }, () => {
      let sum = 0
      for (let index = 0; index < 45; index++) {
        const { base, candidate } = draw(index)
        sum += candidate - base
      }
      return sum / 45
    })
    naive += Math.max(...onChoosing) / runs
    const gate = new Gate({ scale: { min: 0, max: 1 }, worth: 0.1, affordable: 150 })
    for (let look = 0; look < 15 && gate.report.advice === 'go on'; look++) {
      gate.look(
        Array.from({ length: 10 }, (_, index) => {
          const { base, candidate } = draw(index)
          return { case: `${look} ${index}`, base: [base], candidate: [candidate] }
        }),
      )
    }
    reported += (gate.report.effect?.mean ?? 0) / runs
    if (gate.report.verdict === 'better') shipped++
  }
  expect(naive).toBeGreaterThan(0.09)
  // The mean of 60 campaigns has a deviation of under a point.
  expect(reported).toBeLessThan(0.01)
  expect(shipped).toBeLessThanOrEqual(atMostOf(runs, 0.05))
})
