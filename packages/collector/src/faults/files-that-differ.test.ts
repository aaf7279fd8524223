import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { openStore } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { describe, expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from '../collector.ts'
import { doctor } from '../doctor/doctor.ts'
import { salvage } from '../doctor/salvage.ts'

const base = temporaryDirectory()
let ids = 0

/** A path in a directory of its own. */
function place(name: string): string {
  const directory = join(base, name)
  mkdirSync(directory)
  return join(directory, 'x.duckdb')
}

/** Also waits until the database is open. */
async function start(db: string): Promise<Collector> {
  const collector = await startCollector({ db, port: 0 })
  await collector.store.runs({ limit: 1 })
  return collector
}

async function post(
  collector: Collector,
  spans: number,
): Promise<{ status: number; sent: string[] }> {
  const sent = Array.from({ length: spans }, () => (++ids).toString(16).padStart(16, '0'))
  const body = encodeTraces(sent.map((id) => span({ id, trace: id, at: ids })))
  const response = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(body),
  })
  return { status: response.status, sent: response.status === 200 ? sent : [] }
}

/** Sends so many spans, two in a request, and waits until they are stored. */
async function store(collector: Collector, requests: number): Promise<string[]> {
  const sent: string[] = []
  for (let i = 0; i < requests; i++) sent.push(...(await post(collector, 2)).sent)
  expect(sent).toHaveLength(2 * requests)
  await settled(collector)
  return sent
}

async function settled(collector: Collector): Promise<void> {
  const backlog = () => collector.stats().consumers[0]?.backlog
  await expect.poll(backlog, { timeout: 30_000 }).toBe(0)
}

/** How often each of some spans is stored. */
async function stored(collector: Collector, sent: readonly string[]): Promise<number[]> {
  const { rows } = await collector.store.sql('SELECT span_id, count(*) FROM v_span GROUP BY ALL')
  const counts = new Map(rows.map(([id, count]) => [String(id), Number(count)]))
  return [...new Set(sent.map((id) => counts.get(id) ?? 0))]
}

async function ready(collector: Collector) {
  const response = await fetch(`${collector.url}/readyz`)
  const told: { reasons: string[]; warnings: string[] } = JSON.parse(await response.text())
  return { status: response.status, ...told }
}

async function metric(collector: Collector, name: string): Promise<number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text()
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
}

const found = async (db: string) =>
  (await doctor(db)).filter(({ severity }) => severity !== 'ok').map(({ check }) => check)

/** All that has been stored is in the file itself, and forgotten by the journal. */
async function closed(db: string, requests: number): Promise<string[]> {
  const collector = await start(db)
  const sent = await store(collector, requests)
  expect(await collector.end()).toEqual({ waiting: 0, incidents: [] })
  return sent
}

describe('a database and a journal that do not belong together', () => {
  it('are told of, with the number of spans that are missing: a database from elsewhere', async () => {
    const [a, b] = [place('foreign-a'), place('foreign-b')]
    const ofA = await closed(a, 9)
    await closed(b, 4)
    copyFileSync(a, b)
    const collector = await start(b)
    expect(await ready(collector)).toMatchObject({
      status: 200,
      warnings: [expect.stringContaining('lacks 4 requests with 8 spans')],
    })
    expect(await metric(collector, 'trace2_missing_spans')).toBe(8)
    // The database has seen greater numbers than these.
    const added = await store(collector, 3)
    expect(await stored(collector, [...ofA, ...added])).toEqual([1])
    const end = await collector.end()
    expect(end).toMatchObject({ waiting: 0, incidents: [{ kind: 'entries-missing' }] })
    expect(await found(b)).toEqual(['entries-missing'])
    // Once: later starts tell of it until it is dismissed.
    const again = await start(b)
    expect((await ready(again)).warnings).toHaveLength(1)
    expect((await again.end()).incidents).toEqual([])
    rmSync(`${b}.incidents.jsonl`)
    expect(await found(b)).toEqual([])
  })

  it('are replayed as far as the journal goes: a database from elsewhere beside a journal that was not stored', async () => {
    const [a, b] = [place('replayed-a'), place('replayed-b')]
    await closed(a, 9)
    const first = await start(b)
    const ofB = await store(first, 4)
    // As a crash leaves it: nothing is checkpointed, the journal has all.
    const copy = place('replayed-copy')
    cpSync(`${b}.journal`, `${copy}.journal`, { recursive: true })
    await first.close()
    copyFileSync(a, copy)
    const collector = await start(copy)
    await settled(collector)
    expect(await stored(collector, ofB)).toEqual([1])
    expect((await ready(collector)).warnings).toEqual([expect.stringContaining('4 requests')])
    expect(await metric(collector, 'trace2_missing_spans')).toBe(0)
    await collector.close()
    expect(await found(copy)).toEqual(['journal-differs'])
  })

  it('are told of: an older copy of the database', async () => {
    const db = place('older')
    const before = await closed(db, 5)
    copyFileSync(db, `${db}.backup`)
    await closed(db, 7)
    renameSync(`${db}.backup`, db)
    const collector = await start(db)
    const { warnings } = await ready(collector)
    expect(warnings).toEqual([expect.stringContaining('lacks 7 requests with 14 spans')])
    const added = await store(collector, 2)
    expect(await stored(collector, [...before, ...added])).toEqual([1])
    await collector.close()
  })

  it('are told of: an older copy of the journal, whose new entries are not skipped', async () => {
    const db = place('older-journal')
    const before = await closed(db, 2)
    cpSync(`${db}.journal`, `${db}.backup`, { recursive: true })
    const between = await closed(db, 8)
    rmSync(`${db}.journal`, { recursive: true })
    renameSync(`${db}.backup`, `${db}.journal`)
    const collector = await start(db)
    expect((await ready(collector)).warnings).toEqual([expect.stringContaining('older copy')])
    const added = await store(collector, 3)
    expect(await stored(collector, [...before, ...between, ...added])).toEqual([1])
    await collector.close()
  })

  it('are told of: a journal that is gone', async () => {
    const db = place('no-journal')
    const before = await closed(db, 6)
    rmSync(`${db}.journal`, { recursive: true })
    const collector = await start(db)
    expect((await ready(collector)).warnings).toEqual([expect.stringContaining('another journal')])
    const added = await store(collector, 2)
    expect(await stored(collector, [...before, ...added])).toEqual([1])
    await collector.close()
    expect(await found(db)).toEqual(['journal-differs'])
  })

  it('say nothing where both are new, or the database was filled by an import', async () => {
    const db = place('imported')
    const imported = await openStore(db)
    await imported.writeSpans([span({ id: 'abc' })])
    await imported.close()
    await closed(db, 1)
    await closed(db, 1)
    expect(await found(db)).toEqual([])
  })

  it('are told of: a journal whose file was cut, of which the readable requests are stored', async () => {
    const db = place('cut')
    const first = await start(db)
    const sent = await store(first, 20)
    const copy = place('cut-copy')
    cpSync(`${db}.journal`, `${copy}.journal`, { recursive: true })
    await first.close()
    const file = join(`${copy}.journal`, 'data.mdb')
    truncateSync(file, Math.floor(readFileSync(file).lastIndexOf('T2J') / 2))
    const collector = await start(copy)
    await settled(collector)
    expect((await ready(collector)).warnings).toEqual([expect.stringContaining('was damaged')])
    const counts = await stored(collector, sent)
    expect(Math.max(...counts)).toBe(1)
    const added = await store(collector, 1)
    expect(await stored(collector, added)).toEqual([1])
    await collector.close()
    expect(await found(copy)).toContain('journal-damaged')
  })
})

describe('a file that goes while it is in use', () => {
  it.each([
    ['removed', (db: string) => rmSync(db)],
    [
      'replaced by another',
      (db: string) => {
        rmSync(db)
        copyFileSync(join(base, 'imported', 'x.duckdb'), db)
      },
    ],
  ])(
    'is missed within seconds: a database %s; what it had is saved, the journal is replayed',
    async (name, remove) => {
      const db = place(`database ${name}`)
      const before = await closed(db, 5)
      const collector = await start(db)
      const since = await store(collector, 3)
      remove(db)
      const warned = async () => (await ready(collector)).warnings.join(' ')
      await expect.poll(warned, { timeout: 20_000 }).toContain('was removed or replaced')
      await expect.poll(warned, { timeout: 20_000 }).toContain('lacks 5 requests with 10 spans')
      await expect.poll(async () => (await ready(collector)).status).toBe(200)
      const added = await store(collector, 2)
      expect(await stored(collector, [...since, ...added])).toEqual([1])
      expect(existsSync(db)).toBe(true)
      expect((await collector.end()).incidents.map(({ kind }) => kind)).toEqual([
        'database-removed',
        'entries-missing',
      ])
      if (process.platform !== 'linux') return
      const copy = readdirSync(dirname(db)).find((one) => /\.removed-\d+$/.test(one))
      await salvage(join(dirname(db), copy ?? ''), db)
      const again = await start(db)
      expect(await stored(again, [...before, ...since, ...added])).toEqual([1])
      await again.close()
    },
  )

  it('is not said to have everything: a database that is removed just before the end', async () => {
    const db = place('last moment')
    const collector = await start(db)
    const sent = await store(collector, 3)
    rmSync(db)
    expect((await collector.end()).incidents.map(({ kind }) => kind)).toContain('database-removed')
    const again = await start(db)
    await settled(again)
    expect(await stored(again, sent)).toEqual([1])
    await again.close()
  })

  it('refuses requests: a journal that is removed; what it had is stored', async () => {
    const db = place('journal removed')
    const collector = await start(db)
    const before = await store(collector, 2)
    rmSync(`${db}.journal`, { recursive: true })
    const reasons = async () => (await ready(collector)).reasons
    await expect
      .poll(reasons, { timeout: 20_000 })
      .toEqual([expect.stringContaining('journal was removed')])
    expect((await post(collector, 1)).status).toBe(503)
    expect((await collector.end()).incidents).toMatchObject([{ kind: 'journal-removed' }])
    const again = await start(db)
    const added = await store(again, 1)
    expect(await stored(again, [...before, ...added])).toEqual([1])
    await again.close()
  })
})
