import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Clock, paceOf } from './pace.ts'

/** A clock that stands until every call waits, then jumps to the end of the first wait. */
function testClock(): Clock & { advance(): Promise<boolean> } {
  let now = 0
  let waits: { readonly until: number; readonly end: () => void }[] = []
  return {
    now: () => now,
    wait: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const each = { until: now + milliseconds, end: resolve }
        waits.push(each)
        signal.addEventListener('abort', () => {
          waits = waits.filter((other) => other !== each)
          reject(signal.reason)
        })
      }),
    async advance() {
      await new Promise((resolve) => setImmediate(resolve))
      const [next, ...later] = waits.toSorted((a, b) => a.until - b.until)
      if (!next) return false
      waits = later
      now = Math.max(now, next.until)
      next.end()
      return true
    },
  }
}

describe('a pace', () => {
  it('lets in any minute begin no more calls and tokens than its limits allow, and all in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 100, max: 1000 }),
        fc.array(fc.integer({ min: 1, max: 1200 }), { maxLength: 20 }),
        async (callsPerMinute, tokensPerMinute, sizes) => {
          const clock = testClock()
          const pace = paceOf({ callsPerMinute, tokensPerMinute }, clock)
          const begun: { readonly at: number; readonly tokens: number }[] = []
          const calls = sizes.map(async (tokens) => {
            await pace(tokens)
            begun.push({ at: clock.now(), tokens })
          })
          while (await clock.advance());
          await Promise.all(calls)
          expect(begun.map(({ tokens }) => tokens)).toEqual(sizes)
          for (const { at } of begun) {
            const minute = begun.filter((other) => other.at <= at && other.at > at - 60_000)
            const tokens = minute.reduce((sum, call) => sum + call.tokens, 0)
            expect(minute.length).toBeLessThanOrEqual(callsPerMinute)
            // One that is larger than the limit by itself has its minute alone.
            expect(tokens <= tokensPerMinute || minute.length === 1).toBe(true)
          }
        },
      ),
    )
  })

  it('counts what a call did need, once that is known', async () => {
    const clock = testClock()
    const pace = paceOf({ tokensPerMinute: 1000 }, clock)
    const first = await pace(900)
    const second = pace(900)
    first.settle(50)
    await second
    expect(clock.now()).toBe(0)
  })

  it('lets others go on where one was stopped while it waited', async () => {
    const clock = testClock()
    const pace = paceOf({ callsPerMinute: 1 }, clock)
    await pace(1)
    const stop = new AbortController()
    const stopped = pace(1, stop.signal)
    const next = pace(1)
    stop.abort()
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    while (await clock.advance());
    await next
    expect(clock.now()).toBe(60_000)
  })
})
