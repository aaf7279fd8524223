import { expect, test } from 'vitest'
import { decide } from '../gate/index.ts'
import { atLeastOf } from '../testing/binomial.ts'
import { announcedAfter } from './announced.ts'
import { type StreamName, streams } from './streams.ts'

test.each<[StreamName, number]>([
  ['binary', 20],
  ['binary', 40],
  ['independent', 40],
  ['graded', 30],
  ['tied', 20],
  ['skewed', 20],
])('what is announced in the middle finds the effect with about its power: %s', (name, first) => {
  const options = { worth: 0.15, affordable: 5_000 }
  const runs = 80
  const { open, found } = announcedAfter(first, streams[name](0.15), runs, options)
  expect(open).toBeGreaterThan(0.8)
  expect(found * open * runs).toBeGreaterThanOrEqual(atLeastOf(Math.round(open * runs), 0.8))
})

test.each([0, 1, 5, 10, 40, 100])(
  'after %d cases without a difference no fewer are announced than any scores take',
  (count) => {
    const equal = Array.from({ length: count }, (_, index) => ({
      case: String(index),
      base: [0],
      candidate: [0],
    }))
    const options = { scale: { min: 0, max: 1 }, worth: 0.05, affordable: 1_000 }
    const { more } = decide(equal, options)
    expect(more?.groups).toBeGreaterThanOrEqual(5 / options.worth)
    expect(more?.groups).toBeLessThan(1_500)
  },
)
