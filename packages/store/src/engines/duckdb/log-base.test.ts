import { copyFileSync, existsSync, readdirSync, renameSync, truncateSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { span } from '../../testing/spans.ts'
import { temporaryDirectory } from '../../testing/temporary.ts'
import { openDatabase } from './duckdb-store.ts'
import { duckdb } from './index.ts'

const directory = temporaryDirectory()

/** A database with a checkpoint before each span but the last, which is in the log alone; and copies of each state. */
async function states(name: string): Promise<{ path: string; copies: string[] }> {
  const path = join(directory, `${name}.duckdb`)
  const { store, database } = await openDatabase(path)
  const copies: string[] = []
  for (const id of ['1', '2', '3']) {
    await database.checkpoint()
    await store.writeSpans([span({ id })])
    const copy = `${path}.${id}`
    copyFileSync(path, copy)
    copyFileSync(`${path}.wal`, `${copy}.wal`)
    copies.push(copy)
  }
  await database.close(-1)
  return { path, copies }
}

async function spansIn(path: string): Promise<unknown> {
  const { store } = await openDatabase(path)
  const { rows } = await store.sql('SELECT count(*) FROM v_span')
  await store.close()
  return rows[0]?.[0]
}

it('is replayed onto the state that it goes on from, also in a copy of both', async () => {
  const { path, copies } = await states('same')
  expect(await Promise.all(copies.map(spansIn))).toEqual([1, 2, 3])
  expect(await spansIn(path)).toBe(3)
})

it('is refused beside an older copy, which would miss what lies between without a word', async () => {
  const { path, copies } = await states('older')
  const [older = ''] = copies
  renameSync(older, path)
  await expect(openDatabase(path)).rejects.toMatchObject({
    code: 'T2_STORE_DAMAGED',
    message: expect.stringContaining('another state'),
  })
  const found = await duckdb.check(path)
  expect(found).toMatchObject([{ severity: 'error', check: 'write-ahead log' }])
})

it('is set aside by a collector, which has a journal to replay', async () => {
  const { path, copies } = await states('aside')
  const [older = ''] = copies
  renameSync(older, path)
  const told: string[] = []
  const onSetAside = (message: string) => void told.push(message)
  const engine = await duckdb.recover(path, { ours: true, damaged: false, onSetAside })
  expect((await engine.query.sql('SELECT count(*) FROM v_span')).rows).toEqual([[0]])
  await engine.admin.close()
  expect(told).toEqual([expect.stringContaining('write-ahead log')])
  const aside = readdirSync(dirname(path)).filter((name) =>
    name.startsWith(`${basename(path)}.wal.damaged-`),
  )
  expect(aside).toHaveLength(1)
  expect(existsSync(`${path}.wal`)).toBe(false)
})

it('is refused beside a newer copy, in which it would store everything twice', async () => {
  const { path, copies } = await states('newer')
  const [older = ''] = copies
  renameSync(`${older}.wal`, `${path}.wal`)
  await expect(openDatabase(path)).rejects.toMatchObject({ code: 'T2_STORE_DAMAGED' })
})

it('may be torn in its first transaction', async () => {
  const { path, copies } = await states('torn')
  for (const copy of copies) {
    truncateSync(`${copy}.wal`, 200)
    await spansIn(copy)
  }
  expect(await spansIn(path)).toBe(3)
})
