import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Outbox } from './outbox.ts'
import type { Answer } from './sender.ts'

const taken: Answer = { kind: 'taken' }
const refused: Answer = { kind: 'refused', reason: 'status 400' }
const silent: Answer = { kind: 'silent', reason: 'nobody there' }
const busy: Answer = { kind: 'busy', reason: 'later' }

/** An outbox whose receiver answers as told. */
function outboxOf(answer: (request: number, spans: number) => Answer) {
  const failures: string[] = []
  const sizes: number[] = []
  let refusals = 0
  let isLiving = false
  const outbox = new Outbox({
    sender: {
      send: async (spans) => {
        const given = answer(sizes.push(spans.length) - 1, spans.length)
        if (given === refused) refusals += spans.length
        isLiving = given !== silent
        return given
      },
      isLiving: () => isLiving,
      giveUp: () => undefined,
    },
    timeoutMs: 5_000,
    onFailure: (reason) => failures.push(reason),
  })
  const add = (spans: number) => {
    let accepted = false
    // Nothing looks into the spans but the exporter.
    outbox.export(new Array<ReadableSpan>(spans), () => {
      accepted = true
    })
    return accepted
  }
  return { outbox, add, failures, sizes, refusals: () => refusals }
}

const settled = () => new Promise((done) => setImmediate(done))

test('whatever is answered, each span is taken once, refused, or waits', async () => {
  const answers = fc.array(fc.constantFrom(taken, refused, silent, busy), { maxLength: 30 })
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(answers, sizes, fc.boolean(), async (given, batches, isAsked) => {
      const { outbox, add, refusals } = outboxOf((request) => given[request] ?? taken)
      for (const size of batches) expect(add(size)).toBe(true)
      await settled()
      if (isAsked) await outbox.flush()
      await outbox.drain()
      // By now, or soon, the receiver takes whatever still waits.
      while ((await outbox.flush()) !== undefined) await settled()
      expect(outbox.reason).toBeUndefined()
      expect([...outbox.undelivered]).toEqual(refusals() === 0 ? [] : [['status 400', refusals()]])
      const total = batches.reduce((sum, size) => sum + size, 0)
      expect(outbox.delivered + refusals()).toBe(total)
      expect(outbox.delivered).toBeGreaterThanOrEqual(given.length > 0 ? 0 : total)
      await outbox.shutdown()
    }),
    { numRuns: 100 },
  )
})

test('a flush says what failed also where another batch was taken after it', async () => {
  let living = false
  const { outbox, add } = outboxOf((_request, spans) => (spans === 300 && !living ? silent : taken))
  for (const size of [200, 300, 400]) add(size)
  expect(await outbox.flush()).toBe('nobody there')
  expect([outbox.delivered, outbox.reason]).toEqual([600, 'nobody there'])
  await settled()
  living = true
  expect(await outbox.flush()).toBeUndefined()
  expect([outbox.delivered, outbox.reason]).toEqual([900, undefined])
})

test('what is refused is said each time, and not sent again', async () => {
  const { outbox, add, failures, sizes } = outboxOf(() => refused)
  add(10)
  expect(await outbox.flush()).toBe('status 400')
  expect(await outbox.flush()).toBeUndefined()
  expect([outbox.delivered, failures, sizes]).toEqual([0, ['status 400'], [10]])
})

test('where nobody listens, an end asks once for each batch and never again', async () => {
  for (const batches of [1, 2, 4, 8]) {
    const { outbox, add, sizes } = outboxOf(() => silent)
    for (let batch = 0; batch < batches; batch++) add(512)
    await settled()
    const before = sizes.length
    await outbox.drain()
    expect(sizes.length - before).toBe(batches)
  }
})

test('each loss keeps its own reason, whatever is answered later', async () => {
  const kinds = fc.constantFrom('taken', 'status 400', 'status 413', 'nobody there', 'later')
  const given = fc.array(fc.tuple(kinds, fc.integer({ min: 1, max: 500 })), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(given, async (batches) => {
      let at = 0
      let done = 0
      const { outbox, add } = outboxOf(() => {
        const reason = batches[at]?.[0] ?? 'taken'
        if (reason === 'taken') return taken
        if (reason === 'nobody there') return silent
        return { kind: reason.startsWith('status') ? 'refused' : 'busy', reason }
      })
      const lost = new Map<string, number>()
      for (const [reason, spans] of batches) {
        add(spans)
        await outbox.flush()
        // What was to be sent later is taken now.
        if (reason === 'later' || reason === 'nobody there') {
          expect([...outbox.undelivered.keys()]).toContain(reason)
          at = batches.length
          await outbox.flush()
        } else if (reason !== 'taken') lost.set(reason, (lost.get(reason) ?? 0) + spans)
        at = ++done
      }
      expect(outbox.undelivered).toEqual(lost)
      await outbox.shutdown()
    }),
    { numRuns: 50 },
  )
})

test('small batches that wait are sent as few large ones', async () => {
  let living = false
  const { outbox, add, sizes } = outboxOf(() => (living ? taken : silent))
  for (let batch = 0; batch < 1_000; batch++) add(2)
  await settled()
  living = true
  const before = sizes.length
  await outbox.flush()
  expect(outbox.delivered).toBe(2_000)
  expect(sizes.slice(before)).toEqual([2, 512, 512, 512, 462])
})

test('what waits is bounded; the newest is kept', async () => {
  let living = false
  const { outbox, add, sizes } = outboxOf(() => (living ? taken : silent))
  for (let batch = 0; batch < 100; batch++) add(512)
  await settled()
  living = true
  const before = sizes.length
  await outbox.flush()
  // And the one that was being sent meanwhile.
  expect(outbox.delivered).toBeLessThanOrEqual(4_096 + 512)
  expect(outbox.delivered).toBeGreaterThanOrEqual(4_096)
  expect(sizes.length - before).toBeLessThanOrEqual(9)
})
