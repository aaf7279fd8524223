import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openStore } from '@trace2/store'
import { expect, it } from 'vitest'
import { span } from '../../../store/src/testing/spans.ts'
import { temporaryDirectory } from '../../../store/src/testing/temporary.ts'
import { startCollector } from '../collector.ts'
import { doctor } from './doctor.ts'

const directory = temporaryDirectory()
let files = 0

async function database(): Promise<string> {
  const path = join(directory, `${files++}.duckdb`)
  const store = await openStore(path)
  const long = 'long '.repeat(500)
  await store.writeSpans([span({ id: '1', attributes: { 'output.value': long } })])
  await store.close()
  return path
}

async function change(path: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

async function wrong(path: string) {
  const findings = await doctor(path)
  return findings
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ check }) => check)
}

it('finds nothing wrong with a sound database, and changes nothing', async () => {
  const path = await database()
  const before = readFileSync(path)
  const findings = await doctor(path)
  expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set(['ok']))
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(existsSync(`${path}.journal`)).toBe(false)
})

it.each([
  ['span ids', ['INSERT INTO span SELECT * FROM span']],
  ['content', ['DELETE FROM content']],
  ['content hashes', ["UPDATE content SET text = 'other' WHERE length(text) > 1000"]],
  ['orphan rows', ["INSERT INTO parameter_use VALUES ('a', 'b', 1, 'p', 'v', NULL, NULL)"]],
  ['times', ['UPDATE span SET end_ns = 18446744073709551615']],
  ['schema', ['UPDATE schema_meta SET version = 9999']],
  ['schema', ['DROP TABLE schema_meta']],
])('finds %s', async (check, statements) => {
  const path = await database()
  await change(path, ...statements)
  expect(await wrong(path)).toContain(check)
})

it('says that a file is missing or no database', async () => {
  expect(await wrong(join(directory, 'none.duckdb'))).toEqual(['file'])
  const path = join(directory, 'text.duckdb')
  writeFileSync(path, 'no database '.repeat(1000))
  expect(await wrong(path)).toEqual(['open'])
})

it('leaves a database to its collector, and checks its journal afterwards', async () => {
  const path = await database()
  const collector = await startCollector({ db: path, port: 0 })
  await fetch(`${collector.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect((await doctor(path)).map(({ check }) => check)).not.toContain('journal')
  await collector.close()
  const journal = (await doctor(path)).find(({ check }) => check === 'journal')
  expect(journal).toMatchObject({ severity: 'ok', message: expect.stringContaining('requests') })
})

it.each([
  ['refused', 'refused requests', 1, 'refused 1 request,'],
  ['refused', 'refused requests', 2, 'refused 2 requests,'],
  ['unstored', 'unstored requests', 1, '1 request could not be stored, and is kept'],
])('tells of what is kept in %s', async (kept, check, count, words) => {
  const path = await database()
  const directory = join(`${path}.journal`, kept, 'target')
  mkdirSync(directory, { recursive: true })
  for (let n = 1; n <= count; n++) {
    writeFileSync(join(directory, `${n}.feedback.json`), '{}')
    writeFileSync(join(directory, `${n}.reason.txt`), '404')
  }
  expect(await wrong(path)).toEqual([check])
  const found = (await doctor(path)).find((one) => one.check === check)
  expect(found).toMatchObject({ severity: 'warning', message: expect.stringContaining(words) })
})

it('notes what a collector that was killed and a damaged file have left', async () => {
  const path = await database()
  writeFileSync(`${path}.owner.json`, JSON.stringify({ pid: 2 ** 30, url: 'http://127.0.0.1:1' }))
  writeFileSync(`${path}.wal.damaged-123`, '')
  const findings = await doctor(path)
  expect(findings.find(({ check }) => check === 'owner')).toMatchObject({ severity: 'note' })
  expect(await wrong(path)).toEqual(['damaged files'])
})
