import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { encodeTraces } from '@trace2/store/otlp'
import { describe, expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import {
  type ChildCollector,
  FULL_LENGTH,
  startChildCollector,
} from '../testing/child-collector.ts'

const directory = temporaryDirectory()
/** Spans of about 900 bytes; at full length more than half a minute of them, between two checkpoints. */
const SPANS = FULL_LENGTH ? 400_000 : 20_000
const BATCH = 500

let made = 0
function batch(): Buffer<ArrayBuffer> {
  const spans = Array.from({ length: BATCH }, () => {
    made++
    const text = Array.from({ length: 12 }, (_, i) => `${Math.sin(made * i)} words`).join(' ')
    const attributes = { 'input.value': text, 'output.value': `answer ${text}`, n: BigInt(made) }
    return span({
      trace: (1 + Math.floor(made / 10)).toString(16),
      id: made.toString(16),
      at: made,
      attributes,
    })
  })
  return Buffer.from(encodeTraces(spans))
}

async function send({ url }: ChildCollector, body: Buffer<ArrayBuffer>): Promise<number> {
  const headers = { 'content-type': 'application/x-protobuf' }
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

async function ready({ url }: ChildCollector): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).ok
}

async function stored(collector: ChildCollector): Promise<unknown> {
  const query = 'SELECT count(*), count(DISTINCT span_id) FROM v_span'
  return Reflect.get(Object(await collector.call('sql', query)), 'rows')
}

function megabytes(path: string): number {
  const total = statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0)
    : statSync(path).size
  return Math.round(total / 1e6)
}

describe('a restart', { timeout: 600_000 }, () => {
  it('takes requests again after a kill under load, and loses nothing', async () => {
    const db = join(directory, 'killed.duckdb')
    const first = await startChildCollector({ db })
    const bodies = SPANS / BATCH
    let acknowledged = 0
    const sender = async () => {
      while (acknowledged < bodies) {
        acknowledged++
        expect(await send(first, batch())).toBe(200)
      }
    }
    await Promise.all([sender(), sender(), sender(), sender()])
    await first.kill()
    const [log, journal] = [`${db}.wal`, `${db}.journal`].map(megabytes)
    const began = performance.now()
    const second = await startChildCollector({ db })
    expect(await send(second, batch())).toBe(200)
    const taken = performance.now() - began
    const cpu = second.cpu()
    await expect.poll(() => ready(second), { timeout: 120_000 }).toBe(true)
    const isReady = performance.now() - began
    if (FULL_LENGTH) {
      console.log(`${made} spans, write-ahead log ${log} MB, journal ${journal} MB:`)
      console.log(
        // A stock JavaScript exporter gives a batch up after eight to ten seconds without a collector.
        `first request taken after ${taken.toFixed()} ms (${cpu} ms of processor time), ready after ${isReady.toFixed()} ms`,
      )
    }
    await expect
      .poll(() => stored(second), { timeout: 300_000, interval: 1000 })
      .toEqual([[made, made]])
    const asked = performance.now()
    expect(await second.stop()).toBe(0)
    if (FULL_LENGTH)
      console.log(`closed in order after ${(performance.now() - asked).toFixed()} ms`)
  })

  it('in order under load answers what is under way, refuses the rest and loses nothing', async () => {
    const db = join(directory, 'closed.duckdb')
    made = 0
    let accepted = 0
    let refused = 0
    let open = true
    const first = await startChildCollector({ db })
    const sender = async () => {
      while (open) {
        const status = await send(first, batch()).catch(() => 0)
        if (status === 200) accepted += BATCH
        else {
          expect([0, 503]).toContain(status)
          refused++
          open = false
        }
      }
    }
    const senders = Promise.all([sender(), sender(), sender(), sender()])
    await new Promise((resolve) => setTimeout(resolve, FULL_LENGTH ? 10_000 : 1500))
    const asked = performance.now()
    expect(await first.stop()).toBe(0)
    const closed = performance.now() - asked
    await senders
    const second = await startChildCollector({ db })
    if (FULL_LENGTH) {
      const all = performance.now() - asked
      console.log(
        `${accepted} spans; closed after ${closed.toFixed()} ms, back after ${all.toFixed()} ms`,
      )
    }
    expect(refused).toBeGreaterThan(0)
    // What was not answered may have been kept as well; what was, must have been.
    const counts = async () => {
      const [[rows, ids] = []] = (await stored(second)) as number[][]
      return { all: (rows ?? 0) >= accepted, doubled: (rows ?? 0) - (ids ?? 0) }
    }
    await expect.poll(counts, { timeout: 120_000 }).toEqual({ all: true, doubled: 0 })
    await second.stop()
  })
})
