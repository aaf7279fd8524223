import {
  closeSync,
  cpSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { openStore } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { span, spanId, traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from '../collector.ts'
import { FAULTS, FULL_LENGTH, startChildCollector } from '../testing/child-collector.ts'

const base = temporaryDirectory()
/** A database with checkpointed spans, and a journal with spans that are in its log alone, as a kill leaves both. */
const sound = join(base, 'sound', 'x.duckdb')
const CHECKPOINTED = 300
const IN_JOURNAL = 40
/** DuckDB: three headers of 4 KiB, then blocks of 256 KiB. LMDB: pages of 4 KiB, of which the first two are meta pages. */
const HEADER = 4096
const BLOCK = 262_144
const PAGE = 4096
let copies = 0

async function post(url: string, from: number, spans: number): Promise<number> {
  const sent = Array.from({ length: spans }, (_, i) => {
    const attributes = {
      'trace2.kind': 'op',
      'output.value': `answer ${from + i} `.repeat(200),
      'trace2.param.version.p': `v${i % 3}`,
      'trace2.param.value.p': `"prompt ${i % 3}"`,
    }
    const n = (from + i).toString(16)
    return span({ trace: n, id: n, at: from + i, attributes })
  })
  const response = await fetch(`${url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces(sent)),
  })
  return response.status
}

beforeAll(async () => {
  mkdirSync(dirname(sound))
  const first = await startCollector({ db: sound, port: 0 })
  for (let from = 1; from <= CHECKPOINTED; from += 100) await post(first.url, from, 100)
  await first.store.addFeedback({ traceId: traceId('1'), spanId: null, name: 'good', score: 1 })
  await first.close()
  // A collector leaves out its last checkpoint where that would take long.
  await (await openStore(sound)).close()
  const child = await startChildCollector({ db: sound, quiet: true })
  // Requests of one span and of many: entries within a page, and on pages of their own.
  for (let n = 0; n < IN_JOURNAL; n += 2) await post(child.url, 1001 + n, 2)
  const count = () => child.call('sql', 'SELECT count(*) FROM v_span')
  const all = { rows: [[CHECKPOINTED + IN_JOURNAL]] }
  await vi.waitFor(async () => expect(await count()).toMatchObject(all), { timeout: 30_000 })
  await child.kill()
}, 120_000)

/** A copy of everything. */
function copied(): string {
  const directory = join(base, `copy-${copies++}`)
  cpSync(dirname(sound), directory, { recursive: true })
  return join(directory, 'x.duckdb')
}

/** Changes some bytes of a file. */
function damage(file: string, at: number): void {
  const bytes = readFileSync(file).subarray(at, at + 64)
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.from(bytes.map((byte) => byte ^ 0x5a)), 0, bytes.length, at)
  closeSync(descriptor)
}

/** Of all places every so many, or each at full length. */
function chosen(places: readonly number[]): number[] {
  const step = FULL_LENGTH ? 1 : Math.ceil(places.length / (3 * FAULTS))
  return places.filter((_, i) => i % step === 0)
}

async function ids(collector: Collector): Promise<Map<string, number>> {
  const { rows } = await collector.store.sql('SELECT span_id, count(*) FROM v_span GROUP BY ALL')
  return new Map(rows.map(([id, count]) => [String(id), Number(count)]))
}

/**
 * Starts a collector on damaged files, and looks at what it makes of them.
 *
 * @returns names of the files that it has set aside.
 */
async function starts(db: string): Promise<string[]> {
  const collector = await startCollector({ db, port: 0 })
  try {
    expect(await post(collector.url, 5001, 5)).toBe(200)
    const backlog = () => {
      const { consumers, store } = collector.stats()
      return store.problem ?? consumers[0]?.backlog
    }
    await expect.poll(backlog, { timeout: 120_000 }).toBe(0)
    const runs = await collector.store.runs({ limit: 5 })
    expect(runs.map((run) => run.traceId)).toEqual(
      [5005, 5004, 5003, 5002, 5001].map((n) => traceId(n.toString(16))),
    )
    const seen = await ids(collector).catch((error: { code?: string }) => error.code)
    const aside = readdirSync(dirname(db)).filter((name) => /\.(damaged|removed)-\d+/.test(name))
    if (typeof seen === 'object') {
      for (const [id, count] of seen) expect([id, count]).toEqual([id, 1])
      const lost = Array.from({ length: IN_JOURNAL }, (_, n) => spanId((1001 + n).toString(16)))
      const missing = lost.filter((id) => !seen.has(id)).length
      // What the journal held is stored, but for a request that is damaged itself.
      expect(missing).toBeLessThanOrEqual(aside.some((name) => name.includes('.journal.')) ? 2 : 0)
      if (aside.length === 0) expect(seen.size).toBe(CHECKPOINTED + IN_JOURNAL + 5)
    } else expect(seen).toBe('T2_STORE_DAMAGED')
    const answer = await (await fetch(`${collector.url}/readyz`)).text()
    for (const name of aside.filter((one) => !one.endsWith('.wal'))) expect(answer).toContain(name)
    return aside
  } finally {
    await collector.close()
    rmSync(dirname(db), { recursive: true })
  }
}

describe('a collector starts, says what it has set aside, and goes on', {
  timeout: FULL_LENGTH ? 3_600_000 : 600_000,
}, () => {
  it('whichever block of the database is damaged, headers included', async () => {
    const blocks = Math.floor((statSync(sound).size - 3 * HEADER) / BLOCK)
    const places = [100, HEADER + 16, 2 * HEADER + 16]
    for (let block = 0; block < blocks; block++) places.push(3 * HEADER + block * BLOCK + 20)
    let setAside = 0
    for (const at of chosen(places)) {
      const db = copied()
      damage(db, at)
      setAside += (await starts(db)).length
    }
    expect(setAside).toBeGreaterThan(0)
  })

  it('where the block of a small table is damaged that every start reads', async () => {
    const file = readFileSync(sound)
    const id = /store:[0-9a-f-]{36}/.exec(file.toString('latin1'))?.[0] ?? ''
    const at = file.indexOf(id)
    expect(at).toBeGreaterThan(0)
    const db = copied()
    damage(db, at)
    expect(await starts(db)).not.toEqual([])
  })

  it('whichever page of the journal is damaged, those that say where all others are included', async () => {
    const file = `${sound}.journal/data.mdb`
    const pages = Math.floor(statSync(file).size / PAGE)
    const places = Array.from({ length: pages }, (_, page) => page * PAGE)
    for (const at of [...places.slice(0, 4), ...chosen(places.slice(4)), 24]) {
      const db = copied()
      damage(`${db}.journal/data.mdb`, at)
      await starts(db)
    }
  })

  it.each<[string, (db: string) => void]>([
    ['its lock', (db) => damage(`${db}.journal/lock`, 0)],
    ['its lock, which was cut', (db) => truncateSync(`${db}.journal/lock`, 1000)],
    ['its lock, which is text', (db) => writeFileSync(`${db}.journal/lock`, 'text '.repeat(5000))],
    ['the list of readers', (db) => damage(`${db}.journal/lock.mdb`, 0)],
    ['the file of its owner', (db) => writeFileSync(`${db}.owner.json`, '{"pid": "x')],
    ['the file of incidents', (db) => writeFileSync(`${db}.incidents.jsonl`, '{"at"\n\u0000\n{}')],
    ['the database, which was cut', (db) => truncateSync(db, 100_000)],
    ['the database, which is empty', (db) => truncateSync(db, 0)],
    ['the write-ahead log', (db) => damage(`${db}.wal`, 300)],
    ['the journal, which is empty', (db) => truncateSync(`${db}.journal/data.mdb`, 0)],
  ])('where what is damaged is %s', async (what, harm) => {
    const db = copied()
    harm(db)
    if (what.startsWith('the journal')) {
      // What was in it is in the log of the database.
      const collector = await startCollector({ db, port: 0 })
      expect((await ids(collector)).size).toBe(CHECKPOINTED + IN_JOURNAL)
      await collector.close()
    } else await starts(db)
  })
})
