import { expect, it } from 'vitest'
import { Pause } from './pause.ts'

it('begins once after the start, and once after each burst when that is over', () => {
  const pause = new Pause()
  const work = [0, 0, 50_000, 100_000, 100_500, 100_600, 100_600, 200_000, 200_000, 200_000]
  expect(work.map((done) => pause.begins(done))).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
    false,
    false,
    true,
    false,
  ])
})

it('begins now and then while little comes', () => {
  const pause = new Pause()
  const begun = Array.from({ length: 101 }, (_, look) => pause.begins(look * 500))
  expect(begun.filter(Boolean)).toHaveLength(6)
})
