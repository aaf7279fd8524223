import { createServer } from 'node:net'
import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type ChildCollector, startChildCollector } from '../testing/child-collector.ts'

const directory = temporaryDirectory()

async function send({ url }: ChildCollector, from: number, to: number): Promise<number> {
  const spans = Array.from({ length: to - from }, (_, i) => {
    const n = from + i
    return span({ trace: `c${Math.floor(n / 10)}`, id: `c${n.toString(16)}`, at: n })
  })
  const headers = { 'content-type': 'application/x-protobuf' }
  const body = Buffer.from(encodeTraces(spans))
  return (await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })).status
}

async function stored(collector: ChildCollector): Promise<unknown> {
  const query = 'SELECT count(*), count(DISTINCT span_id) FROM v_span'
  return Reflect.get(Object(await collector.call('sql', query)), 'rows')
}

/** What `/metrics` says of all consumers of the journal. */
async function lags({ url }: ChildCollector): Promise<number[]> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return [...text.matchAll(/^trace2_consumer_lag_seconds\{.*\} (.+)$/gm)].map(([, value]) =>
    Number(value),
  )
}

/** A target that takes connections and never says anything. */
async function silentTarget(): Promise<{ url: string; close(): void }> {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

it('loses and doubles nothing while the clock jumps by hours and no forward target answers', {
  timeout: 300_000,
}, async () => {
  const db = join(directory, 'clock.duckdb')
  const silent = await silentTarget()
  // Nothing listens on the discard port.
  const options = { forward: [{ url: 'http://127.0.0.1:9' }, { url: silent.url }] }
  let sent = 0
  for (const clockHours of [5, -24, 48, 0]) {
    const collector = await startChildCollector({ db, options, clockHours, quiet: true })
    // What was sent to the collector before this one, sent again.
    expect(await send(collector, 0, sent)).toBe(200)
    expect(await send(collector, sent, sent + 100)).toBe(200)
    collector.child.kill('SIGUSR2')
    expect(await send(collector, sent, sent + 200)).toBe(200)
    sent += 200
    await expect.poll(() => stored(collector), { timeout: 60_000 }).toEqual([[sent, sent]])
    const measured = await lags(collector)
    expect(measured).toHaveLength(3)
    for (const lag of measured) expect(lag).toBeGreaterThanOrEqual(0)
    expect(await collector.call('runs', { limit: 1 })).toHaveLength(1)
    if (clockHours === -24) await collector.kill()
    else expect(await collector.stop()).toBe(0)
  }
  silent.close()
})
