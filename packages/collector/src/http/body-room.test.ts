import { setTimeout } from 'node:timers/promises'
import { openStore } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, onTestFinished } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { collectorStats } from '../health/stats.ts'
import type { IntakeBatch } from '../intake/intake.ts'
import { collectorMetrics } from '../metrics/metrics.ts'
import { collectorApp } from './app.ts'
import { RefusalLog } from './refusal-log.ts'

const body = encodeTraces([span({ id: '1', name: 'x'.repeat(10_000) })])
/** Bodies for which there is room. */
const AT_ONCE = 5

/** An app whose intake holds each body until it is let go. */
async function holdingApp() {
  const store = await openStore(':memory:')
  onTestFinished(() => store.close())
  const refusals = new RefusalLog()
  onTestFinished(() => refusals.close())
  const held: (() => void)[] = []
  const bytes = { now: 0, most: 0 }
  const accept = async ({ body: { byteLength } }: IntakeBatch) => {
    bytes.now += byteLength
    bytes.most = Math.max(bytes.most, bytes.now)
    await new Promise<void>((resolve) => held.push(resolve))
    bytes.now -= byteLength
  }
  const received = { accepted: 0, rejected: 0, logs: 0, ignoredLogs: 0 }
  const app = collectorApp({
    ...{ store, refusals, guard: { host: '127.0.0.1' } },
    intake: { accept, close: async () => undefined },
    maxBodyBytes: body.byteLength,
    // Each is there twice, as it came and as the journal's entry.
    bodiesBytes: 2 * AT_ONCE * body.byteLength,
    received,
    metrics: collectorMetrics(() =>
      collectorStats(received, undefined, { unread: 0, refusedRetention: undefined }),
    ),
    readiness: () => ({ reasons: [], warnings: [] }),
    parameters: () => Promise.reject(new Error('Nobody asks for parameters here.')),
  })
  const send = () =>
    app.request('http://localhost/v1/traces', {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Uint8Array.from(body),
    })
  return { send, held, bytes }
}

it('holds no more bodies than it has memory for, and tells the others to come again', async () => {
  const { send, held, bytes } = await holdingApp()
  const answers: (readonly [number, string | null])[] = []
  const sent = Array.from({ length: 4 * AT_ONCE }, async () => {
    const response = await send()
    answers.push([response.status, response.headers.get('retry-after')])
  })
  while (held.length < AT_ONCE || answers.length < 3 * AT_ONCE) await setTimeout(1)
  expect(answers).toEqual(Array.from({ length: 3 * AT_ONCE }, () => [503, '1']))
  expect(held).toHaveLength(AT_ONCE)
  for (const letGo of held.splice(0)) letGo()
  await Promise.all(sent)
  expect(answers.slice(3 * AT_ONCE)).toEqual(Array.from({ length: AT_ONCE }, () => [200, null]))
  expect(bytes).toEqual({ now: 0, most: AT_ONCE * body.byteLength })

  // Their room is there again.
  const again = send()
  while (held.length === 0) await setTimeout(1)
  for (const letGo of held) letGo()
  expect((await again).status).toBe(200)
})
