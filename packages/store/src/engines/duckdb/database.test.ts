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
