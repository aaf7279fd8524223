import { expect, it } from 'vitest'
import { untilEnded } from './until-ended.ts'

/** Counts up, and says what was asked of it. */
function counting(answers: number) {
  const told = { asked: 0, returned: 0 }
  const source: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        told.asked++
        if (told.asked > answers) return new Promise<never>(() => undefined)
        return Promise.resolve({ value: told.asked, done: false })
      },
      return: async () => {
        told.returned++
        return { value: undefined, done: true }
      },
    }),
  }
  return { source, told }
}

const ended = { code: 'T2_SQL_ENDED' }

it('asks nothing where the signal has said so before', async () => {
  const { source, told } = counting(9)
  const all = untilEnded(source, AbortSignal.abort())
  await expect(all.next()).rejects.toMatchObject(ended)
  expect(told).toEqual({ asked: 0, returned: 1 })
})

it('asks nothing more after the answer at which it is ended', async () => {
  const { source, told } = counting(9)
  const stop = new AbortController()
  const seen: number[] = []
  const reading = async () => {
    for await (const one of untilEnded(source, stop.signal)) {
      seen.push(one)
      if (one === 3) stop.abort()
    }
  }
  await expect(reading()).rejects.toMatchObject(ended)
  expect(seen).toEqual([1, 2, 3])
  expect(told).toEqual({ asked: 3, returned: 1 })
})

it('does not wait for an answer that does not come', async () => {
  const { source, told } = counting(1)
  const stop = new AbortController()
  const all = untilEnded(source, stop.signal)
  expect(await all.next()).toEqual({ value: 1, done: false })
  const next = all.next()
  stop.abort()
  await expect(next).rejects.toMatchObject(ended)
  expect(told).toEqual({ asked: 2, returned: 1 })
})

it('returns the source where its reader has had enough', async () => {
  const { source, told } = counting(9)
  for await (const one of untilEnded(source, new AbortController().signal)) if (one === 2) break
  expect(told).toEqual({ asked: 2, returned: 1 })
})
