import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startCollector } from './collector.ts'
import { encodeTraces } from './otlp/encode-protobuf.ts'
import type { SpanRecord } from './otlp/model.ts'
import { span } from './testing/spans.ts'
import { temporaryDirectory } from './testing/temporary.ts'

const directory = temporaryDirectory()
/** How often a collector is killed; the full length is `TRACE2_FAULTS=100`. */
const KILLS = Number(process.env.TRACE2_FAULTS ?? 3)

const collectorCode = `
  import { startCollector } from '@trace2/collector'
  const collector = await startCollector({ db: process.argv[1], port: 0 })
  console.log(collector.url)`

async function startChild(db: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', collectorCode, db], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit').then(() => Promise.reject(new Error('It did not start.')))
  const [line] = await Promise.race([once(child.stdout, 'data'), exited])
  return { child, url: String(line).trim() }
}

/** Sends a batch once; whether it was acknowledged. */
async function send(url: string, spans: readonly SpanRecord[]): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Buffer.from(encodeTraces(spans)),
    })
    return response.ok
  } catch {
    return false
  }
}

let made = 0
const batch = () =>
  Array.from({ length: 20 }, () => {
    made++
    const hex = made.toString(16)
    return span({ trace: `f${hex}`, id: hex, at: made, attributes: { text: 'x'.repeat(300) } })
  })

async function storedOnce(db: string): Promise<Map<string, number>> {
  const collector = await startCollector({ db, port: 0 })
  const { rows } = await collector.store.sql('SELECT span_id, count(*) FROM v_span GROUP BY ALL')
  await collector.close()
  return new Map(rows.map(([id, count]) => [String(id), Number(count)]))
}

describe('a collector that is killed under load', () => {
  it('has every acknowledged span exactly once', { timeout: 60_000 + KILLS * 10_000 }, async () => {
    const db = join(directory, 'killed.duckdb')
    const acknowledged = new Set<string>()
    let unanswered: SpanRecord[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, url } = await startChild(db)
      const end = Date.now() + 200 + Math.random() * 600
      let killed = false
      setTimeout(() => {
        killed = true
        child.kill('SIGKILL')
      }, end - Date.now())
      const sender = async () => {
        while (!killed) {
          // A retry of what was not answered, as an exporter does.
          const spans = unanswered.length > 0 ? unanswered : batch()
          unanswered = []
          if (await send(url, spans)) for (const { spanId } of spans) acknowledged.add(spanId)
          else unanswered = spans
        }
      }
      await Promise.all([sender(), sender(), sender(), once(child, 'exit')])
    }
    const stored = await storedOnce(db)
    expect(acknowledged.size).toBeGreaterThan(0)
    expect([...acknowledged].filter((id) => stored.get(id) !== 1)).toEqual([])
    expect([...stored.values()].filter((count) => count !== 1)).toEqual([])
  })

  it('replays from the journal what a damaged write-ahead log has lost', {
    timeout: 60_000,
  }, async () => {
    const db = join(directory, 'damaged.duckdb')
    const { child, url } = await startChild(db)
    const sent: string[] = []
    for (let i = 0; i < 10; i++) {
      const spans = batch()
      expect(await send(url, spans)).toBe(true)
      sent.push(...spans.map(({ spanId }) => spanId))
    }
    const log = `${db}.wal`
    // Wait until the store has written something that can be damaged.
    while (!existsSync(log) || statSync(log).size < 10_000) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    const file = openSync(log, 'r+')
    writeSync(file, Buffer.alloc(64, 0x5a), 0, 64, Math.floor(statSync(log).size / 2))
    closeSync(file)
    const stored = await storedOnce(db)
    expect(sent.filter((id) => stored.get(id) !== 1)).toEqual([])
  })
})
