import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { span } from '../../testing/spans.ts'
import { temporaryDirectory } from '../../testing/temporary.ts'
import { openDatabase } from './duckdb-store.ts'

const directory = temporaryDirectory()

it.each([
  ['moves the log into its file when it closes', Number.POSITIVE_INFINITY, false],
  ['leaves the log to the next start where there is no time for it', -1, true],
])('%s', async (name, withinMs, remains) => {
  const path = join(directory, `${name}.duckdb`)
  const first = await openDatabase(path)
  await first.store.writeSpans([span({ id: '1' })])
  await first.database.close(withinMs)
  expect(existsSync(`${path}.wal`)).toBe(remains)
  const second = await openDatabase(path)
  expect((await second.store.sql('SELECT count(*) FROM v_span')).rows).toEqual([[1]])
  await second.database.close()
  expect(existsSync(`${path}.wal`)).toBe(false)
})

it('keeps fewer pages when it has rested, and may take as many as before', async () => {
  const memoryBytes = 128 << 20
  const { database } = await openDatabase(join(directory, 'rests.duckdb'), { memoryBytes })
  const row = async (query: string) => Object.values((await database.rows(query))[0] ?? {})[0]
  const held = async () =>
    Number(await row('SELECT sum(memory_usage_bytes) FROM duckdb_memory()')) / 2 ** 20
  await database.write(async (connection) => {
    await connection.run(
      'CREATE TABLE much AS SELECT hash(range) AS a, hash(range + 1) AS b, hash(range + 2) AS c FROM range(4_000_000)',
    )
  })
  await database.checkpoint()
  await row('SELECT sum(a % 7 + b % 7 + c % 7) FROM much')
  expect(await held()).toBeGreaterThan(48)
  const limit = await row("SELECT current_setting('memory_limit')")
  await database.rest()
  expect(await held()).toBeLessThanOrEqual(32)
  expect(await row("SELECT current_setting('memory_limit')")).toBe(limit)
  await database.close()
})
