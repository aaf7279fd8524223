import { expect, test } from 'vitest'
import { casesNeeded, casesOfFixedSample } from '../gate/index.ts'
import { seeded } from '../numeric/index.ts'
import { atLeastOf, atMostOf } from '../testing/binomial.ts'
import {
  casesUntilBetter,
  falseAlarmsOfPeeking,
  gateRuns,
  powerOfFixedSample,
  quantileOf,
  shareOf,
} from './operating.ts'
import { repeated, type Stream, type StreamName, streams } from './streams.ts'

const names = Object.keys(streams) as StreamName[]
const length = 300
const judged = (effect: number) => repeated(streams.binary(effect), 3, 0.15)

test.each([
  ...names.map((name): [string, Stream] => [name, streams[name](0)]),
  ['repeats of a noisy judge', judged(0)],
])(
  'an equal candidate is called better in at most one run in twenty, over all looks: %s',
  (_, stream) => {
    const runs = 1_000
    for (const horizon of [60, length]) {
      const wrong = casesUntilBetter({ stream, runs, length }, horizon).filter(Number.isFinite)
      expect(wrong.length).toBeLessThanOrEqual(atMostOf(runs, 0.05))
    }
  },
)

test('a t-test that peeks is caught by the same measurement', () => {
  const runs = 100
  const share = falseAlarmsOfPeeking({ stream: streams.binary(0), runs, length: 150 })
  expect(share * runs).toBeGreaterThan(atMostOf(runs, 0.05))
})

test.each(names)(
  'the announced number of cases finds ten points with four chances in five: %s',
  (name) => {
    const stream = streams[name](0.1)
    const runs = 600
    const announced = casesNeeded({ effect: 0.1, deviation: deviationOf(stream) })
    const found = casesUntilBetter({ stream, runs, length: announced }, announced)
    expect(found.filter(Number.isFinite).length).toBeGreaterThanOrEqual(atLeastOf(runs, 0.8))
  },
)

test.each(['binary', 'drifting', 'tied'] as const)(
  'looking all the time costs at most half as many cases again as a t-test looked at once: %s',
  (name) => {
    const stream = streams[name](0.1)
    const plan = { effect: 0.1, deviation: deviationOf(stream) }
    const [fixed, announced] = [casesOfFixedSample(plan), casesNeeded(plan)]
    const runs = 600
    expect(powerOfFixedSample({ stream, runs, length: fixed }) * runs).toBeGreaterThanOrEqual(
      atLeastOf(runs, 0.78),
    )
    const found = casesUntilBetter({ stream, runs, length: announced }, announced)
    expect(announced / fixed).toBeLessThan(1.5)
    expect(quantileOf(found, 0.75)).toBeLessThan(1.5 * fixed)
  },
)

test('a hopeless candidate costs a third of the cases, and stopping it costs little power', () => {
  const options = { worth: 0.1, affordable: 190 }
  const runs = 150
  const used = (effect: number) =>
    gateRuns({ stream: streams.binary(effect), runs, length: 190 }, options, 5)
  const hopeless = used(-0.1)
  expect(
    quantileOf(
      hopeless.map(({ counts }) => counts.groups),
      0.5,
    ),
  ).toBeLessThan(190 / 2.5)
  const good = used(0.1).filter(({ verdict }) => verdict === 'better')
  expect(good.length).toBeGreaterThanOrEqual(atLeastOf(runs, 0.8))
  const same = used(0).filter(({ verdict }) => verdict === 'better')
  expect(same.length).toBeLessThanOrEqual(atMostOf(runs, 0.05))
})

test.each([
  [158, 0.2],
  [158, 0.3],
  [100, 0.3],
])(
  'stopping what looks hopeless loses hardly any candidate that going on would find: %d cases, +%d',
  (length, effect) => {
    const simulation = { stream: streams.independent(effect), runs: 150, length }
    const options = { worth: 0.05, affordable: length, alpha: 0.0244 }
    const [stopped, whole] = [false, true].map((toTheEnd) =>
      gateRuns(simulation, options, 10, toTheEnd),
    )
    const lost = whole?.filter(
      ({ verdict }, run) => verdict === 'better' && stopped?.[run]?.verdict !== 'better',
    )
    expect(lost?.length).toBeLessThanOrEqual(atMostOf(150, 0.02))
    const hopeless = gateRuns({ ...simulation, stream: streams.independent(-0.2) }, options, 10)
    const used = hopeless.map(({ counts }) => counts.groups)
    expect(quantileOf(used, 0.5)).toBeLessThan(length / 3)
  },
)

test('the same seed gives the same runs, another seed others', () => {
  const simulation = { stream: streams.binary(0.2), runs: 50, length: 100 }
  expect(casesUntilBetter(simulation, 60)).toEqual(casesUntilBetter(simulation, 60))
  expect(casesUntilBetter(simulation, 60)).not.toEqual(
    casesUntilBetter({ ...simulation, seed: 2 }, 60),
  )
})

test('each stream has the difference it says', () => {
  for (const name of names) {
    for (const effect of [0, 0.1]) {
      const random = seeded(1)
      const stream = streams[name](effect)
      let sum = 0
      for (let index = 0; index < 20_000; index++) {
        const { base, candidate } = stream(random, index % length)
        sum += candidate - base
      }
      expect(Math.abs(sum / 20_000 - effect)).toBeLessThan(0.02)
    }
  }
  expect(shareOf([1, 2, 3, 4], (value) => value > 1)).toBe(0.75)
})

function deviationOf(stream: Stream): number {
  const random = seeded(7)
  const values = Array.from({ length: 5_000 }, (_, index) => {
    const { base, candidate } = stream(random, index % length)
    return candidate - base
  })
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}
