import type { DuckDBConnection } from '@duckdb/node-api'
import type { TableReading } from '../../engine.ts'
import { isDamage } from '../failure.ts'

/** DuckDB keeps so many rows together, and reads so many at once: a damaged block costs a multiple of the latter. */
const ROW_GROUP = 122_880
const VECTOR = 2048

interface Column {
  readonly name: string
  /** A row is nothing without it. */
  readonly essential: boolean
  /** What stands for it where it cannot be read, as SQL. */
  readonly substitute: string
}

/** Names of a catalog's tables, in the order in which they were made. */
export async function tablesOf(connection: DuckDBConnection, catalog: string): Promise<string[]> {
  const result = await connection.runAndReadAll(
    `SELECT table_name FROM duckdb_tables()
     WHERE database_name = $1 AND schema_name = 'main' AND NOT temporary ORDER BY table_oid`,
    [catalog],
  )
  return result.getRowsJson().map(([name]) => String(name))
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/**
 * Reads a table in pieces, and pieces that cannot be read in smaller ones; of the smallest, the columns that can be read.
 *
 * @param read runs a query over the table; it is given its list of columns and its condition.
 */
export async function readInPieces(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
  read: (columns: string, condition: string) => Promise<unknown>,
): Promise<TableReading> {
  const source = `${quoted(catalog)}.main.${quoted(table)}`
  const columns = await columnsOf(connection, catalog, table)
  const all = columns.map(({ name }) => quoted(name)).join(', ')
  const numbers = async (query: string) =>
    ((await connection.runAndReadAll(query)).getRowsJson()[0] ?? []).map(Number)
  const [rows = 0, last = -1] = await numbers(
    `SELECT count(*), coalesce(max(rowid), -1) FROM ${source}`,
  )
  let lost = 0
  let incomplete = 0

  const inPart = async (condition: string): Promise<void> => {
    const [count = 0] = await numbers(`SELECT count(*) FROM ${source} WHERE ${condition}`)
    const kept: string[] = []
    for (const { name, essential, substitute } of columns) {
      const one = `SELECT count(hash(${quoted(name)})) FROM ${source} WHERE ${condition}`
      if (await succeeds(() => connection.run(one))) kept.push(quoted(name))
      else if (essential) {
        lost += count
        return
      } else kept.push(`${substitute} AS ${quoted(name)}`)
    }
    if (await succeeds(() => read(kept.join(', '), condition))) incomplete += count
    else lost += count
  }
  const piece = async (from: number, size: number): Promise<void> => {
    const condition = `rowid BETWEEN ${from} AND ${from + size - 1}`
    if (await succeeds(() => read(all, condition))) return
    if (size <= VECTOR) return inPart(condition)
    const half = Math.ceil(size / 2 / VECTOR) * VECTOR
    await piece(from, half)
    await piece(from + half, size - half)
  }
  for (let from = 0; from <= last; from += ROW_GROUP) await piece(from, ROW_GROUP)
  return { table, rows, lost, incomplete }
}

/** Whether it could be read; failures of another kind are thrown. */
async function succeeds(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    if (!isDamage(error)) throw error
    return false
  }
}

const ESSENTIAL = new Set(['trace_id', 'span_id', 'text', 'value', 'document'])
const NUMBER = /INT|DOUBLE|DECIMAL|FLOAT/

async function columnsOf(
  connection: DuckDBConnection,
  catalog: string,
  table: string,
): Promise<Column[]> {
  const keys = await connection.runAndReadAll(
    `SELECT unnest(constraint_column_names) FROM duckdb_constraints()
     WHERE database_name = $1 AND table_name = $2 AND constraint_type = 'PRIMARY KEY'`,
    [catalog, table],
  )
  const key = new Set(keys.getRowsJson().map(([name]) => String(name)))
  const result = await connection.runAndReadAll(
    `SELECT column_name, data_type, is_nullable FROM duckdb_columns()
     WHERE database_name = $1 AND table_name = $2 ORDER BY column_index`,
    [catalog, table],
  )
  return result.getRowsJson().map(([column, type, nullable]) => {
    const name = String(column)
    const substitute = nullable === true ? 'NULL' : substituteFor(String(type))
    return { name, essential: key.has(name) || ESSENTIAL.has(name), substitute }
  })
}

function substituteFor(type: string): string {
  if (type === 'JSON') return `'{}'`
  if (type === 'BOOLEAN') return 'false'
  return NUMBER.test(type) ? '0' : `''`
}

/** Reads every row of every table, and says how many cannot be read. */
export async function readEverything(connection: DuckDBConnection): Promise<TableReading[]> {
  const current = await connection.runAndReadAll('SELECT current_database()')
  const catalog = String(current.getRowsJson()[0]?.[0])
  const readings: TableReading[] = []
  for (const table of await tablesOf(connection, catalog)) {
    const read = (columns: string, condition: string) =>
      connection.run(
        `SELECT count(hash(t)) FROM (SELECT ${columns} FROM ${quoted(table)} WHERE ${condition}) t`,
      )
    readings.push(await readInPieces(connection, catalog, table, read))
  }
  return readings
}
