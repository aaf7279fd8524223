import { type Collector, startCollector } from '@trace2/collector'
import { expect, test } from 'vitest'
import { caughtUp } from './caught-up.ts'

/** A collector whose store is behind by so many requests at each look. */
async function behindBy(backlogs: readonly number[]) {
  const collector = await startCollector({ db: ':memory:', port: 0 })
  const stats = collector.stats()
  await collector.close()
  let looks = 0
  return {
    looks: () => looks,
    stats: (): ReturnType<Collector['stats']> => {
      const backlog = backlogs[Math.min(looks++, backlogs.length - 1)] ?? 0
      return { ...stats, consumers: [{ name: 'store', backlog, lagSeconds: backlog }] }
    },
  }
}

test('what a collector has taken is waited for until it is stored', async () => {
  const late = await behindBy([2, 1, 0])
  await caughtUp(late)
  expect(late.looks()).toBe(3)
})

test('a store that stays behind does not keep the demo for ever', async () => {
  await caughtUp(await behindBy([1]), 100)
})

test('a store in memory has nothing to catch up with', async () => {
  const collector = await startCollector({ db: ':memory:', port: 0 })
  await caughtUp(collector)
  await collector.close()
})
