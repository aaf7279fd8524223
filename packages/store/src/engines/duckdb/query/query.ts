import { type Json as DuckDBJson, type DuckDBResultReader, DuckDBTypeId } from '@duckdb/node-api'
import type { Json } from '@trace2/core'
import type { QueryOptions, QueryResult } from '../../../store.ts'
import type { Database } from '../database.ts'
import { readOnly } from './read-only.ts'

const wholeNumbers: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
])

export async function runQuery(
  database: Database,
  query: string,
  { signal }: QueryOptions = {},
): Promise<QueryResult> {
  return resultOf(await readOnly(database, query, [], [], signal))
}

function resultOf(reader: DuckDBResultReader): QueryResult {
  const whole = reader.columnTypes().map((type) => wholeNumbers.has(type.typeId))
  const rows = reader.getRowsJson()
  return {
    columns: reader.columnNames(),
    rows: rows.map((row) => row.map((value, column) => cell(value, whole[column] === true))),
  }
}

/** DuckDB's JSON has 64-bit integers as strings; those that a number holds exactly become numbers. */
function cell(value: DuckDBJson, whole: boolean): Json {
  if (!whole || typeof value !== 'string') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
