import { listValue } from '@duckdb/node-api'
import type { Database } from '../database.ts'
import { text } from '../row.ts'
import { sql } from '../sql.ts'

/**
 * Brings tables into the form that the database's version stands for. Versions 1 to 3 were first written in another form
 * than later under the same number, and migrations of that time kept it: a database of any later version may still have
 * it. So its tables are asked, and not its number. A transaction of its own, because DuckDB commits none in which a table
 * is altered after its rows have been changed.
 */
export async function settleEarlierForms(database: Database, version: number): Promise<void> {
  const found = await columnsOf(database, ['span_message', 'span_note', 'trace_time'])
  const statements: string[] = []
  if (found.has('span_message.span_id')) statements.push(sql('span-message'))
  if (version >= 2 && !found.has('span_note.span_id')) statements.push(sql('schema-2'))
  if (found.has('trace_time.trace_key') && !found.has('trace_time.spans')) {
    // No row says how many spans its batch had, so all of them are made anew.
    statements.push('DROP TABLE trace_time', sql('schema-3'))
  }
  if (statements.length === 0) return
  await database.write(async (connection) => {
    for (const statement of statements) await connection.run(statement)
  })
}

/** Columns of some tables as `table.column`, as far as they are there. */
async function columnsOf(database: Database, tables: readonly string[]): Promise<Set<string>> {
  const rows = await database.rows(
    `SELECT table_name || '.' || column_name AS name FROM duckdb_columns()
     WHERE schema_name = 'main' AND NOT internal AND table_name IN (SELECT unnest($1::VARCHAR[]))`,
    [listValue([...tables])],
  )
  return new Set(rows.map((row) => text(row, 'name')))
}
