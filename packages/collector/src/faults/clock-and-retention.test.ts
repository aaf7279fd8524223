import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { startChildCollector } from '../testing/child-collector.ts'

const directory = temporaryDirectory()
const DAY = 86_400

async function post(url: string, from: number): Promise<void> {
  const sent = Array.from({ length: 4 }, (_, i) => {
    const n = (from + i).toString(16)
    return span({ trace: n, id: n, at: from + i })
  })
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces(sent)),
  })
  expect(response.status).toBe(200)
}

async function told(url: string) {
  const ready = await fetch(`${url}/readyz`)
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return {
    status: ready.status,
    text: await ready.text(),
    refused: /^trace2_retention_refused (\d)$/m.exec(metrics)?.[1],
  }
}

it('deletes nothing when the clock has jumped by months, says so, and does with `force`', async () => {
  const db = join(directory, 'jumped.duckdb')
  // By a clock that is right; the one of the second collector is three months ahead of it.
  const before = await startChildCollector({ db, clockHours: -90 * 24 })
  await post(before.url, 1)
  await before.call('runs')
  expect(await before.stop()).toBe(0)
  const retention = { maxAgeSeconds: 30 * DAY }
  const collector = await startCollector({ db, port: 0, retention })
  const { store } = collector
  await expect
    .poll(() => told(collector.url), { timeout: 20_000 })
    .toMatchObject({ status: 200, refused: '1', text: expect.stringContaining('4 of 4') })
  // What comes in by the wrong clock changes nothing of that.
  await post(collector.url, 101)
  expect(await store.runs({ limit: 0 })).toHaveLength(8)
  const policy = { ...retention, maxShare: 0.4 }
  await expect(store.retain(policy)).rejects.toMatchObject({ code: 'T2_RETENTION_SHARE' })
  expect(await store.runs({ limit: 0 })).toHaveLength(8)
  expect(await store.retain({ ...policy, force: true })).toMatchObject({ traces: 4 })
  expect(await store.runs({ limit: 0 })).toHaveLength(4)
  await collector.close()
})
