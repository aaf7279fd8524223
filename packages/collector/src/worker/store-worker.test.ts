import {
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { openStore } from '@trace2/store'
import { encodeTraces } from '@trace2/store/otlp'
import { expect, it, onTestFinished, vi } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { type Collector, startCollector } from '../collector.ts'

const threads = vi.hoisted((): Worker[] => [])
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>()
  class Watched extends real.Worker {
    constructor(...args: ConstructorParameters<typeof real.Worker>) {
      super(...args)
      threads.push(this)
    }
  }
  return { ...real, Worker: Watched }
})

const directory = temporaryDirectory()
let files = 0
const newFile = () => join(directory, `${files++}.duckdb`)

async function collectorOf(db: string): Promise<Collector> {
  const collector = await startCollector({ db, port: 0 })
  onTestFinished(() => collector.close())
  return collector
}

async function send(collector: Collector, ...ids: string[]): Promise<number> {
  const spans = ids.map((id) => span({ id, attributes: { 'output.value': `${id} `.repeat(2000) } }))
  const response = await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(encodeTraces(spans)),
  })
  return response.status
}

async function readiness(collector: Collector) {
  const response = await fetch(`${collector.url}/readyz`)
  return { status: response.status, body: await response.text() }
}

async function storedIds(collector: Collector): Promise<string[]> {
  const { rows } = await collector.store.sql('SELECT span_id FROM v_span ORDER BY span_id')
  return rows.map(([id]) => String(id).replace(/^0+/, ''))
}

it('starts the thread again when it dies; what was acknowledged meanwhile is stored', async () => {
  const collector = await collectorOf(newFile())
  expect(await send(collector, '1')).toBe(200)
  expect(await readiness(collector)).toMatchObject({ status: 200 })
  await vi.waitFor(() => expect(collector.stats().stored).toBe(1), 60_000)
  await threads.at(-1)?.terminate()
  expect(await send(collector, '2')).toBe(200)
  expect(await readiness(collector)).toEqual({
    status: 503,
    body: expect.stringContaining('the store is being opened again'),
  })
  await expect(storedIds(collector)).rejects.toMatchObject({
    code: 'T2_STORE_RESTARTING',
    status: 503,
  })
  await vi.waitFor(async () => expect(await storedIds(collector)).toEqual(['1', '2']), 60_000)
  expect(await readiness(collector)).toMatchObject({ status: 200 })
  expect(collector.stats().store).toEqual({ problem: undefined, restarts: 1 })
  await vi.waitFor(() => expect(collector.stats().stored).toBe(2), 60_000)
})

it('closes while the thread is away, and has everything at the next start', async () => {
  const db = newFile()
  const collector = await startCollector({ db, port: 0 })
  await threads.at(-1)?.terminate()
  expect(await send(collector, '1', '2')).toBe(200)
  await collector.close()
  expect(await storedIds(await collectorOf(db))).toEqual(['1', '2'])
})

const asideOf = (db: string) =>
  readdirSync(dirname(db)).filter((name) => name.startsWith(`${basename(db)}.damaged-`))

it('sets a file aside that cannot be opened, and begins a new one', async () => {
  const db = newFile()
  const store = await openStore(db)
  await store.writeSpans([span({ id: '1' })])
  await store.close()
  const file = openSync(db, 'r+')
  // Its headers stay as they are; all blocks behind them are lost.
  writeSync(file, Buffer.alloc(statSync(db).size - 12_288, 0x5a), 0, undefined, 12_288)
  closeSync(file)
  const collector = await collectorOf(db)
  expect(await send(collector, '2')).toBe(200)
  expect(await storedIds(collector)).toEqual(['2'])
  expect(asideOf(db)).toHaveLength(1)
})

it('leaves a file alone that is no database', async () => {
  const db = newFile()
  const file = openSync(db, 'w')
  writeSync(file, 'my notes '.repeat(3000))
  closeSync(file)
  await expect(startCollector({ db, port: 0 })).rejects.toMatchObject({ code: 'T2_STORE_DAMAGED' })
  expect(readFileSync(db, 'utf8')).toContain('my notes')
  expect(existsSync(`${db}.journal`)).toBe(false)
})

it('counts on from where the store is, when the journal is an older copy', async () => {
  const db = newFile()
  const journal = `${db}.journal`
  const before = await startCollector({ db, port: 0 })
  await send(before, '1')
  await before.close()
  cpSync(journal, `${journal}.copy`, { recursive: true })
  const later = await startCollector({ db, port: 0 })
  for (const id of ['2', '3', '4']) await send(later, id)
  await later.close()
  rmSync(journal, { recursive: true })
  renameSync(`${journal}.copy`, journal)
  const collector = await collectorOf(db)
  await send(collector, '5')
  await vi.waitFor(
    async () => expect(await storedIds(collector)).toEqual(['1', '2', '3', '4', '5']),
    60_000,
  )
})
