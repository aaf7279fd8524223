import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBInstance,
  type Json,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import { raise } from '../../../../errors.ts'
import type { SpanRecord } from '../../../../otlp/index.ts'
import type { ExportedRecord } from '../../../../store.ts'
import type { Export, ExportedRecords } from '../../../engine.ts'
import { RECORDS_FILE } from './export.ts'
import { ResourceReader, spanColumns, spanOf } from './exported-span.ts'
import { recordTables } from './records.ts'

const MEMORY = '1GB'
const SPANS_AT_ONCE = 1000
const RECORDS_AT_ONCE = 1000
/** A collector takes no more than 64 MiB in one request. */
const CHARACTERS_AT_ONCE = 8 * 1024 * 1024

/** Opens a directory that an export wrote: the engine's `readExport`. */
export async function readExport(directory: string): Promise<Export> {
  const scratch = await mkdtemp(join(tmpdir(), 'trace2-import-'))
  const instance = await DuckDBInstance.create(join(scratch, 'texts.duckdb'), {
    autoload_known_extensions: 'false',
    memory_limit: MEMORY,
  })
  const connection = await instance.connect()
  return {
    hasRecords: existsSync(join(directory, RECORDS_FILE)),
    spans: () => spansIn(connection, directory),
    records: () => recordsIn(connection, directory),
    async close() {
      connection.closeSync()
      instance.closeSync()
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

/** SQL that reads what an export has of a view, in one file or in one for each day; `undefined` where it has nothing. */
function sourceOf(directory: string, view: string): string | undefined {
  const file = join(directory, `${view}.parquet`)
  if (existsSync(file)) return `read_parquet(${literal(file)})`
  const days = join(directory, view)
  if (!existsSync(days)) return undefined
  const all = literal(join(days, '*', '*.parquet'))
  return `read_parquet(${all}, hive_partitioning = true, union_by_name = true)`
}

async function* spansIn(
  connection: DuckDBConnection,
  directory: string,
): AsyncGenerator<readonly SpanRecord[]> {
  const source = sourceOf(directory, 'v_span')
  if (source === undefined) return
  await readingOf(directory, async () => {
    const contents = sourceOf(directory, 'v_content')
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE content AS SELECT hash, text FROM ${contents ?? "(SELECT '' AS hash, '' AS text)"}`,
    )
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE spans AS SELECT ${spanColumns} FROM ${source}`,
    )
  })
  const resources = new ResourceReader()
  for (let from = 0; ; from += SPANS_AT_ONCE) {
    const rows = await readingOf(directory, async () => {
      const result = await connection.runAndReadAll(
        `SELECT * FROM spans WHERE rowid BETWEEN ${from} AND ${from + SPANS_AT_ONCE - 1} ORDER BY rowid`,
      )
      return result.getRowObjectsJson()
    })
    if (rows.length === 0) return
    const texts = await textsIn(connection, rows)
    const spans = await readingOf(directory, async () =>
      rows.map((row) => spanOf(row, (hash) => texts.get(hash), resources)),
    )
    const long = (row: Row) =>
      lengthOf(row) + hashesIn(row).reduce((sum, hash) => sum + (texts.get(hash)?.length ?? 0), 0)
    const lengths = rows.map(long)
    yield* inBatches(spans, (_, index) => lengths[index] ?? 0)
  }
}

type Row = Readonly<Record<string, Json>>

/** Items in their order, as many at once as a collector takes in one request. */
function* inBatches<T>(
  items: readonly T[],
  lengthOfItem: (item: T, index: number) => number,
): Generator<readonly T[]> {
  let batch: T[] = []
  let length = 0
  for (const [index, item] of items.entries()) {
    const more = lengthOfItem(item, index)
    if (batch.length > 0 && length + more > CHARACTERS_AT_ONCE) {
      yield batch
      batch = []
      length = 0
    }
    batch.push(item)
    length += more
  }
  if (batch.length > 0) yield batch
}

function lengthOf(row: Row): number {
  return Object.values(row).reduce<number>((sum, value) => sum + String(value).length, 0)
}

function hashesIn({ attributes, events, links }: Row): readonly string[] {
  return [attributes, events, links].flatMap((text) =>
    Array.from(String(text).matchAll(/"contentValue":"([0-9a-f]{64})"/g), ([, hash]) =>
      String(hash),
    ),
  )
}

/** Texts that rows refer to, by their hash. */
async function textsIn(
  connection: DuckDBConnection,
  rows: readonly Row[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Set(rows.flatMap(hashesIn))
  if (hashes.size === 0) return new Map()
  const result = await connection.runAndReadAll(
    'SELECT hash, text FROM content WHERE hash IN (SELECT unnest($1))',
    [listValue([...hashes])],
    [LIST(VARCHAR)],
  )
  return new Map(result.getRowsJson().map(([hash, text]) => [String(hash), String(text)]))
}

async function* recordsIn(
  connection: DuckDBConnection,
  directory: string,
): AsyncGenerator<ExportedRecords> {
  const path = join(directory, RECORDS_FILE)
  if (!existsSync(path)) return
  await readingOf(directory, () =>
    connection.run(
      `CREATE OR REPLACE TEMP TABLE records AS SELECT table_name, record::VARCHAR AS record FROM read_parquet(${literal(path)})`,
    ),
  )
  for (const { name: table } of recordTables) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE of_table AS SELECT record FROM records WHERE table_name = ${literal(table)}`,
    )
    for (let from = 0; ; from += RECORDS_AT_ONCE) {
      const result = await connection.runAndReadAll(
        `SELECT record FROM of_table WHERE rowid BETWEEN ${from} AND ${from + RECORDS_AT_ONCE - 1} ORDER BY rowid`,
      )
      const rows = result
        .getRowsJson()
        .map(([record]): ExportedRecord => JSON.parse(String(record)))
      if (rows.length === 0) break
      yield { table, rows }
    }
  }
}

async function readingOf<T>(directory: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_IMPORT', `The export ${directory} cannot be read: ${reason}`, { cause: error })
  }
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
