import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import type { Database, Row } from '../database.ts'
import { parseJson, text } from '../row.ts'

/** Rows that only Trace2 itself writes are stored whole, with the columns that are searched beside them. */
export async function documents<T>(
  database: Database,
  query: string,
  values: readonly DuckDBValue[],
  types?: readonly DuckDBType[],
): Promise<T[]> {
  return (await database.rows(query, values, types)).map(documentOf<T>)
}

/** {@link documents} within a connection's transaction. */
export async function documentsOn<T>(
  connection: DuckDBConnection,
  query: string,
  values: readonly DuckDBValue[],
): Promise<T[]> {
  const result = await connection.runAndReadAll(query, [...values])
  return result.getRowObjectsJson().map(documentOf<T>)
}

/** The document in a row. */
export function documentOf<T>(row: Row): T {
  return parseJson(text(row, 'document')) as T
}

/**
 * A row's JSON text. What agents and models say may have half of a surrogate pair, which DuckDB does not take: it becomes
 * the replacement character.
 */
export function documentText(value: unknown): string {
  return wellFormedJson(JSON.stringify(value))
}

/** JSON text whose escapes are all of whole characters. `JSON.stringify` escapes no surrogate but a lone one. */
export function wellFormedJson(json: string): string {
  if (!json.includes('\\ud')) return json
  return json.replace(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (sequence) =>
    sequence.startsWith('\\ud') ? '\ufffd' : sequence,
  )
}

/**
 * The row of a table that has an id, or the only one whose id begins with it.
 *
 * @param unknown makes the error of one that there is not, in a sentence.
 */
export async function documentById<T extends { readonly id: string }>(
  database: Database,
  table: 'proposal' | 'experiment',
  id: string,
  unknown: (sentence: string) => Error,
): Promise<T> {
  const [first, second] = await documents<T>(
    database,
    `SELECT document FROM ${table} WHERE starts_with(id, $1) ORDER BY id = $1 DESC LIMIT 2`,
    [id],
  )
  if (!first || id === '') throw unknown(`There is no ${table} ${id}.`)
  if (second && first.id !== id) throw unknown(`Several ${table}s begin with ${id}.`)
  return first
}
