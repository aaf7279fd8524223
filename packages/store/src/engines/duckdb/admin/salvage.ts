import { existsSync } from 'node:fs'
import { copyFile, rename, rm } from 'node:fs/promises'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { TableReading } from '../../engine.ts'
import { openDatabase } from '../duckdb-store.ts'
import { isDamage, openFailure } from '../failure.ts'
import { rebuildTraceTimes } from '../ingest/trace-times.ts'
import { quoted, readInPieces, tablesOf } from './readable.ts'

/** Those that say how far a database has come, and when its spans were: the new one says so for itself. */
const OWN = new Set(['schema_meta', 'journal_offset', 'trace_time', 'log_base'])

/** Copies what can be read of one database file into another file: the engine's `salvage`. */
export async function salvageDatabase(source: string, target: string): Promise<TableReading[]> {
  const copy = `${target}.salvage`
  await removeDatabase(copy)
  try {
    const readings = await copyReadable(source, copy)
    // Brings an older version up to date, and completes what is derived.
    const { database, store } = await openDatabase(copy)
    try {
      await database.write(rebuildTraceTimes)
    } finally {
      await store.close()
    }
    if (existsSync(target)) await merge(copy, target)
    else await rename(copy, target)
    return readings
  } finally {
    await removeDatabase(copy)
  }
}

async function copyReadable(source: string, copy: string): Promise<TableReading[]> {
  const instance = await DuckDBInstance.create(copy)
  const connection = await instance.connect()
  try {
    await attachDamaged(connection, source, copy)
    // As they were made, whatever version made them.
    const made = await connection.runAndReadAll(
      `SELECT sql FROM duckdb_tables() WHERE database_name = 'damaged'
       UNION ALL
       SELECT format('CREATE MACRO {}({}) AS {}', function_name, array_to_string(parameters, ', '), macro_definition)
       FROM duckdb_functions() WHERE database_name = 'damaged' AND function_type = 'macro'`,
    )
    for (const [statement] of made.getRowsJson()) await connection.run(String(statement))
    const readings: TableReading[] = []
    for (const table of await tablesOf(connection, 'damaged')) {
      const copyRows = (columns: string, condition: string) =>
        connection.run(
          `INSERT INTO ${quoted(table)} BY NAME SELECT ${columns} FROM damaged.main.${quoted(table)} WHERE ${condition}`,
        )
      readings.push(await readInPieces(connection, 'damaged', table, copyRows))
    }
    // The journal is read from its beginning again: spans that are there already are recognized.
    for (const table of ['journal_offset', 'log_base']) {
      if (readings.some((reading) => reading.table === table))
        await connection.run(`DELETE FROM ${table}`)
    }
    return readings
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** With its write-ahead log, or without it where that is what is damaged. */
async function attachDamaged(
  connection: DuckDBConnection,
  source: string,
  copy: string,
): Promise<void> {
  const attach = (path: string) =>
    connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS damaged (READ_ONLY)`)
  try {
    await attach(source)
  } catch (error) {
    if (!isDamage(error) || !existsSync(`${source}.wal`)) throw openFailure(source, error)
    // DuckDB finds a log by its name: under another one the file has none.
    const withoutLog = `${copy}.source`
    await copyFile(source, withoutLog)
    try {
      await attach(withoutLog)
    } catch {
      throw openFailure(source, error)
    }
  }
}

/** Adds to the target what it has not: by key, by span, or as a whole row. */
async function merge(copy: string, target: string): Promise<void> {
  const { store } = await openDatabase(target)
  await store.close()
  const instance = await DuckDBInstance.create(target)
  const connection = await instance.connect()
  try {
    await connection.run(`ATTACH '${copy.replaceAll("'", "''")}' AS saved (READ_ONLY)`)
    await connection.run('BEGIN')
    await connection.run('CREATE TEMP TABLE present AS SELECT trace_id, span_id FROM span')
    for (const table of await tablesOf(connection, 'saved')) {
      if (!OWN.has(table)) await connection.run(await mergeStatement(connection, table))
    }
    await rebuildTraceTimes(connection)
    await connection.run('COMMIT')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function mergeStatement(connection: DuckDBConnection, table: string): Promise<string> {
  const into = `INTO ${quoted(table)} BY NAME`
  const from = `FROM saved.main.${quoted(table)}`
  const keys = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_constraints()
     WHERE database_name = 'saved' AND table_name = $1 AND constraint_type = 'PRIMARY KEY'`,
    [table],
  )
  if (keys.currentRowCount > 0) return `INSERT OR IGNORE ${into} ${from}`
  const columns = await connection.runAndReadAll(
    `SELECT 1 FROM duckdb_columns()
     WHERE database_name = 'saved' AND table_name = $1 AND column_name = 'span_id'`,
    [table],
  )
  return columns.currentRowCount > 0
    ? `INSERT ${into} ${from} ANTI JOIN present USING (trace_id, span_id)`
    : `INSERT ${into} ${from} EXCEPT FROM ${quoted(table)}`
}

async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '.wal', '.source']) await rm(path + suffix, { force: true })
}
