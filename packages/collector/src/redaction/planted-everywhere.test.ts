import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openStore } from '@trace2/store'
import { encodeTraces, transcode } from '@trace2/store/otlp'
import { expect, it } from 'vitest'
import { traceId } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { startTarget } from '../testing/otlp-target.ts'
import { logPlaces, spanPlaces } from './testing/places.ts'
import { type Planted, planted } from './testing/planted.ts'
import { recordPlaces } from './testing/record-places.ts'

/** A word of small letters behind `password:`, in a sentence, cannot be told from what a sentence goes on with. */
const MOST_MISSED = 3

const directory = temporaryDirectory()
const redaction = {
  key: 'a-key-that-nobody-knows',
  rules: [{ name: 'private', preset: 'all' as const, parameters: true }],
}

/** All texts within a value, those of JSON in a text included. */
function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    yield value
    if (/^\s*[[{"]/.test(value)) {
      try {
        yield* textsOf(JSON.parse(value))
      } catch {
        // It is no JSON.
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield name
      yield* textsOf(member)
    }
  }
}

/** Every value of every table of a database. */
async function tablesOf(path: string): Promise<Map<string, string>> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' })
  const connection = await instance.connect()
  const tables = await connection.runAndReadAll(
    'SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal',
  )
  const all = new Map<string, string>()
  for (const [schema, table] of tables.getRowsJson()) {
    const rows = await connection.runAndReadAll(`SELECT * FROM "${schema}"."${table}"`)
    all.set(`table ${table}`, [...textsOf(rows.getRowsJson())].join('\n'))
  }
  connection.closeSync()
  instance.closeSync()
  return all
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path).flatMap((name) => filesOf(join(path, name)))
}

it('keeps nothing of what is planted, wherever and however it is written', async () => {
  const home = join(directory, 'everywhere')
  mkdirSync(home)
  const db = join(home, 'planted.duckdb')
  const target = await startTarget()
  const collector = await startCollector({ db, port: 0, redaction, forward: [{ url: target.url }] })
  const store = await openStore(collector.url)
  const all = [...planted(11, 'design'), ...planted(11, 'measure')]
  const places = [
    ...Object.keys(spanPlaces).map((place) => `span: ${place}`),
    ...Object.keys(logPlaces).map((place) => `log: ${place}`),
    ...Object.keys(recordPlaces).map((place) => `record: ${place}`),
  ]
  const where: { readonly place: string; readonly one: Planted }[] = all.map((one, n) => ({
    one,
    place: places[n % places.length] ?? '',
  }))
  const spans = where.flatMap(({ place, one }, n) => {
    const make = spanPlaces[place.slice('span: '.length)]
    return place.startsWith('span: ') && make ? [make(one.text, (n + 1).toString(16))] : []
  })
  const logRecords = where.flatMap(({ place, one }, n) => {
    const make = logPlaces[place.slice('log: '.length)]
    if (!place.startsWith('log: ') || !make) return []
    const [trace, span] = [traceId((n + 1).toString(16)), (n + 1).toString(16).padStart(16, '0')]
    return [
      { timeUnixNano: '1790000000000000000', traceId: trace, spanId: span, ...make(one.text) },
    ]
  })
  const half = Math.floor(spans.length / 2)
  const logs = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const bodies: [string, string, Uint8Array | string][] = [
    ['traces', 'application/x-protobuf', encodeTraces(spans.slice(0, half))],
    [
      'traces',
      'application/json',
      transcode('traces', encodeTraces(spans.slice(half)), 'protobuf', 'json').body,
    ],
    ['logs', 'application/json', logs],
  ]
  for (const [signal, type, body] of bodies) {
    const response = await fetch(`${collector.url}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: Buffer.from(body),
    })
    expect([signal, response.status]).toEqual([signal, 200])
  }
  const refused: string[] = []
  for (const [n, { place, one }] of where.entries()) {
    const write = recordPlaces[place.slice('record: '.length)]
    if (!place.startsWith('record: ') || !write) continue
    await write(store, one.text, `i${n}`).catch((error) => refused.push(`${place}: ${error}`))
  }
  expect(refused).toEqual([])
  await expect.poll(() => collector.stats().stored, { timeout: 20_000 }).toBe(spans.length)
  await expect.poll(() => target.arrived.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3)
  const metrics = await (await fetch(`${collector.url}/metrics`)).text()
  const rows = await store.sql('SELECT count(*) FROM v_span')
  await store.close()
  await collector.close()
  await target.close()
  expect(Number(rows.rows[0]?.[0])).toBeGreaterThanOrEqual(spans.length)

  const kept = await tablesOf(db)
  expect(kept.size).toBeGreaterThan(10)
  kept.set('metrics', metrics)
  for (const { body } of target.arrived) kept.set(`forwarded ${kept.size}`, body.toString())
  for (const file of filesOf(home)) kept.set(file, readFileSync(file, 'utf8'))
  const missed = where.filter(({ one }) =>
    [...kept.values()].some((text) => one.needles.some((needle) => text.includes(needle))),
  )
  expect(where.length).toBeGreaterThan(700)
  const labels = missed.map(({ place, one }) => `${place}: ${one.label}`)
  expect(labels.length, labels.join('\n')).toBeLessThanOrEqual(MOST_MISSED)
}, 120_000)
