import type { ReadableSpan } from '@opentelemetry/sdk-trace-node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Outbox } from './outbox.ts'
import type { Answer } from './post.ts'

const taken: Answer = { kind: 'taken', rejected: 0, reason: '' }
const refused: Answer = { kind: 'refused', reason: 'status 400' }
const silent: Answer = { kind: 'silent', reason: 'nobody there' }
const busy: Answer = { kind: 'busy', reason: 'status 503', afterMs: 1 }

/** An outbox whose receiver answers as told; a batch of `n` spans is `n` bytes times `bytesPerSpan`. */
function outboxOf(answer: (request: number, spans: number) => Answer, bytesPerSpan = 1) {
  const failures: string[] = []
  let requests = 0
  let refusals = 0
  const outbox = new Outbox({
    encode: (spans) => new Uint8Array(spans.length * bytesPerSpan),
    post: async (body) => {
      const given = answer(requests++, body.byteLength / bytesPerSpan)
      if (given === refused) refusals += body.byteLength
      return given
    },
    timeoutMs: 5_000,
    onFailure: (reason) => failures.push(reason),
  })
  const add = (spans: number) => {
    let accepted = false
    // Nothing looks into the spans but the encoder.
    outbox.export(new Array<ReadableSpan>(spans), () => {
      accepted = true
    })
    return accepted
  }
  return { outbox, add, failures, requests: () => requests, refusals: () => refusals }
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
      if (refusals() === 0) expect(outbox.reason).toBeUndefined()
      else expect(outbox.reason).toBeDefined()
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
  const { outbox, add } = outboxOf((_request, spans) => (spans === 2 && !living ? silent : taken))
  for (const size of [1, 2, 3]) add(size)
  expect(await outbox.flush()).toBe('nobody there')
  expect([outbox.delivered, outbox.reason]).toEqual([4, 'nobody there'])
  living = true
  expect(await outbox.flush()).toBeUndefined()
  expect([outbox.delivered, outbox.reason]).toEqual([6, undefined])
})

test('what a receiver did not take of a request counts as lost, and says why', async () => {
  const partial: Answer = { kind: 'taken', rejected: 3, reason: 'no ids' }
  const { outbox, add, failures } = outboxOf(() => partial)
  add(10)
  expect(await outbox.flush()).toBeUndefined()
  expect(outbox.delivered).toBe(7)
  expect(failures).toEqual([expect.stringContaining('no ids')])
})

test('where nobody listens, an end asks once for each batch and never again', async () => {
  for (const batches of [1, 2, 4, 8]) {
    const { outbox, add, requests } = outboxOf(() => silent)
    for (let batch = 0; batch < batches; batch++) add(1)
    await settled()
    const before = requests()
    await outbox.drain()
    expect(requests() - before).toBe(batches)
  }
})

test.each([
  ['spans', 512, 1, 100],
  ['bytes', 1, 1024 * 1024, 100],
])(
  'what waits is bounded in %s; the newest is kept',
  async (_what, size, bytesPerSpan, batches) => {
    let living = false
    const { outbox, add, requests } = outboxOf(() => (living ? taken : silent), bytesPerSpan)
    for (let batch = 0; batch < batches; batch++) add(size)
    await settled()
    living = true
    const before = requests()
    await outbox.flush()
    expect(outbox.delivered).toBeLessThanOrEqual(4_096 + size)
    expect(outbox.delivered * bytesPerSpan).toBeLessThanOrEqual(33 * 1024 * 1024)
    expect(outbox.delivered).toBeGreaterThan(0)
    expect(requests() - before).toBeLessThan(batches)
  },
)
