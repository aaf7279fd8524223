import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeTraces } from '@trace2/store/otlp'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import {
  type ChildCollector,
  collectorCommand,
  FAULTS,
  startChildCollector,
} from '../testing/child-collector.ts'
import { type SmallDisk, smallDisk } from '../testing/small-disk.ts'

const directory = temporaryDirectory()
let runs = 0
let disk: SmallDisk
let collector: ChildCollector
let pid: number
let acknowledged: Set<string>
let sent = 0

const available = smallDisk(join(directory, 'try'))

/**
 * Sends spans of about a kilobyte each, as an exporter does; an answer that is not 200 has to be one to try again. What a
 * test sends does not depend on how fast it can: all of it has to be stored on the small disk.
 */
async function send(spans = 100): Promise<number> {
  const batch = Array.from({ length: spans }, () => {
    sent++
    const text = `${sent} `.repeat(200)
    return span({ trace: `f${Math.ceil(sent / 10)}`, id: sent.toString(16), attributes: { text } })
  })
  const response = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces(batch)),
  })
  if (response.status === 200) for (const { spanId } of batch) acknowledged.add(spanId)
  else {
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
  }
  return response.status
}

async function until(status: number): Promise<void> {
  await expect.poll(() => send(), { timeout: 120_000, interval: 20 }).toBe(status)
}

async function reasons(): Promise<string> {
  return (await fetch(`${collector.url}/readyz`)).text()
}

async function everythingIsStoredOnce(): Promise<void> {
  const stored = async () => {
    const query = 'SELECT span_id, count(*) FROM v_span GROUP BY ALL'
    const answer = await collector.call('sql', query)
    const rows: unknown = Reflect.get(Object(answer), 'rows')
    return new Map(Array.isArray(rows) ? rows.map(([id, count]) => [String(id), count]) : [])
  }
  const missing = async () => {
    const counts = await stored()
    return [...acknowledged].filter((id) => counts.get(id) !== 1).length
  }
  await expect.poll(missing, { timeout: 120_000, interval: 500 }).toBe(0)
  expect([...(await stored()).values()].filter((count) => count !== 1)).toEqual([])
  await expect.poll(reasons, { timeout: 120_000 }).toMatch(/^{"ready":true,"reasons":\[\],/)
}

function cases(): void {
  beforeEach(async () => {
    const made = smallDisk(join(directory, `disk-${runs++}`))
    if (!made) throw new Error('There was a small disk a moment ago.')
    disk = made
    const { db, within } = disk
    collector = await startChildCollector({ db, within, quiet: true })
    pid = collector.child.pid ?? 0
    acknowledged = new Set()
    await send()
  }, 120_000)
  afterEach(async () => {
    disk.clear(pid)
    expect(await collector.stop()).toBe(0)
  }, 120_000)

  it('under the journal refuses what it cannot keep, and takes it when there is room', async () => {
    disk.fill(pid, 'journal')
    await until(503)
    disk.clear(pid)
    await until(200)
    await everythingIsStoredOnce()
  })

  if (available?.kind === 'file system of its own') ownFileSystem()

  it.each(rounds())(
    'at any moment, %i times, loses nothing that was acknowledged',
    async (faults) => {
      for (let i = 0; i < faults; i++) {
        const what = (['both', 'database', 'journal'] as const)[i % 3] ?? 'both'
        // With much left the store goes on writing, and may meet the end of it.
        disk.fill(pid, what, Math.random() * (i % 2 ? 2e6 : 24e6))
        for (let requests = Math.random() * 20; requests > 0; requests--) {
          await send(20)
          await sleep(Math.random() * 100)
        }
        if (i % 2) await collector.call('retain', { maxAgeSeconds: 1e9 })
        disk.clear(pid)
        await until(200)
      }
      await everythingIsStoredOnce()
    },
  )
}

/** So many faults with one disk: it has to hold what is sent meanwhile. */
function rounds(): number[] {
  return Array.from({ length: Math.ceil(FAULTS / 10) }, (_, i) => Math.min(FAULTS - 10 * i, 10))
}

/** A limit on the size of files is one on the journal's too. */
function ownFileSystem(): void {
  it('under the database keeps what is acknowledged in the journal', async () => {
    await everythingIsStoredOnce()
    disk.fill(pid, 'database')
    const sendAndAsk = async () => {
      expect(await send()).toBe(200)
      return reasons()
    }
    await expect
      .poll(sendAndAsk, { timeout: 120_000, interval: 200 })
      .toMatch(/the store (cannot|is being)/)
    disk.clear(pid)
    await until(200)
    await everythingIsStoredOnce()
  })

  it('in a checkpoint, which ends DuckDB, loses nothing', async () => {
    for (let i = 0; i < 10; i++) await send()
    await everythingIsStoredOnce()
    disk.fill(pid, 'database', 200_000)
    // Retention has nothing to delete, and checkpoints.
    await collector.call('retain', { maxAgeSeconds: 1e9 })
    await expect.poll(reasons, { timeout: 120_000 }).toMatch(/the store (cannot|is being)/)
    disk.clear(pid)
    await until(200)
    await everythingIsStoredOnce()
    await collector.call('retain', { maxAgeSeconds: 1e9 })
    await everythingIsStoredOnce()
  })

  it('in an export says so, and leaves nothing half-written', async () => {
    for (let i = 0; i < 10; i++) await send()
    await everythingIsStoredOnce()
    disk.fill(pid, 'database', 4096)
    const target = join(disk.db, '..', 'export')
    expect(await collector.call('exportParquet', target)).toMatchObject({ code: 'T2_EXPORT' })
    disk.clear(pid)
    expect(readdirSync(disk.seen(pid, target))).toEqual([])
    const paths = await collector.call('exportParquet', target)
    expect(Array.isArray(paths) && paths.length).toBeGreaterThan(10)
  })

  it('is stopped before by the store, which keeps room for a retention to make some', async () => {
    await everythingIsStoredOnce()
    disk.fill(pid, 'database', 12e6)
    const sendAndAsk = async () => {
      expect(await send()).toBe(200)
      return reasons()
    }
    await expect
      .poll(sendAndAsk, { timeout: 120_000, interval: 200 })
      .toMatch(/the disk is nearly full/i)
    expect(await collector.call('retain', { maxBytes: 1 })).toMatchObject({ traces: 10 })
    acknowledged = new Set([...acknowledged].slice(100))
    disk.clear(pid)
    await until(200)
    await everythingIsStoredOnce()
  })

  it('of the journal alone, filled by itself, ends when the store has caught up', async () => {
    disk.fill(pid, 'database')
    await until(503)
    expect(await reasons()).toMatch(/the journal is full/)
    disk.clear(pid)
    await until(200)
    await everythingIsStoredOnce()
  })

  it('of the journal is no obstacle to forgetting what the store has', async () => {
    disk.fill(pid, 'database')
    for (let i = 0; i < 50; i++) await send()
    disk.fill(pid, 'journal')
    await until(503)
    disk.clear(pid, 'database')
    const sendAfterCheckpoint = async () => {
      await collector.call('retain', { maxAgeSeconds: 1e9 })
      return send()
    }
    await expect.poll(sendAfterCheckpoint, { timeout: 120_000 }).toBe(200)
    await everythingIsStoredOnce()
  })
}

if (available?.kind === 'file system of its own') {
  it('at the start ends it with a code that says so', () => {
    const { db, within } = smallDisk(join(directory, 'start')) ?? { db: '', within: [] }
    const full = ['sh', '-c', 'cat /dev/zero > "$0"; exec "$@"', join(db, '../x.duckdb.journal/b')]
    const [command, ...args] = collectorCommand({ db, within: [...within, ...full] })
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    expect(status).toBe(1)
    expect(stderr).toContain('T2_JOURNAL_WRITE')
  })
}

if (available) describe(`a full disk (${available.kind})`, { timeout: 600_000 }, cases)
else {
  it('cannot be tried here: neither unshare nor prlimit works, so no disk can be made small', () => {
    expect(available).toBeUndefined()
  })
}
