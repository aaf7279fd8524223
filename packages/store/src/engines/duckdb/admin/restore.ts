import { chmod, rm } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { raise } from '../../../errors.ts'
import type { SavedTable } from '../../engine.ts'
import { openDatabase } from '../duckdb-store.ts'
import { rebuildTraceTimes } from '../ingest/trace-times.ts'
import { createTable, type TableShape, traceTimeTable } from '../tables/index.ts'
import { savedTables } from './backup/session.ts'
import { SCHEMA_VERSION } from './schema.ts'

const FILES_AT_ONCE = 200

/** Makes a database of the tables of a backup: the engine's `restore`. */
export async function restoreDatabase(
  schema: number,
  saved: readonly SavedTable[],
  target: string,
): Promise<void> {
  if (schema > SCHEMA_VERSION) {
    const versions = `version ${schema}; this Trace2 knows up to ${SCHEMA_VERSION}`
    throw raise('T2_STORE_NEWER', `The backup has tables of ${versions}.`)
  }
  await removeDatabase(target)
  try {
    await fillTables(schema, saved, target)
    // Brings tables of an older version up to date, defines the views, and completes what is derived.
    const { database, store } = await openDatabase(target)
    try {
      await database.write(rebuildTraceTimes)
    } finally {
      await store.close()
    }
    await chmod(target, 0o600)
  } catch (error) {
    await removeDatabase(target)
    throw error
  }
}

async function fillTables(
  schema: number,
  saved: readonly SavedTable[],
  target: string,
): Promise<void> {
  const instance = await DuckDBInstance.create(target, { autoload_known_extensions: 'false' })
  try {
    await chmod(target, 0o600)
    const connection = await instance.connect()
    await connection.run(
      'CREATE TABLE schema_meta (version INTEGER NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT current_timestamp)',
    )
    await connection.run(`INSERT INTO schema_meta (version) VALUES (${Number(schema)})`)
    for (const shape of savedTables) {
      if ((shape.since ?? 0) > schema) continue
      await connection.run(createTable(shape, { version: schema }))
      const files = saved.find(({ table }) => table === shape.name)?.files ?? []
      await fillTable(connection, shape, files)
    }
    await connection.run(createTable(traceTimeTable, { version: schema }))
    await connection.run('CHECKPOINT')
    connection.closeSync()
  } finally {
    instance.closeSync()
  }
}

/** In the order of the files, which is that of the rows. */
async function fillTable(
  connection: DuckDBConnection,
  { name }: TableShape,
  files: readonly string[],
): Promise<void> {
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    const some = files.slice(from, from + FILES_AT_ONCE).map(quoted)
    await connection.run(
      `INSERT INTO ${name} BY NAME SELECT * FROM read_parquet([${some.join(', ')}], union_by_name = true)`,
    )
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '.wal']) await rm(path + suffix, { force: true })
}
