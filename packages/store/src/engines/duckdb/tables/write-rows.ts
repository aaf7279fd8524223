import { type DuckDBConnection, LIST, listValue } from '@duckdb/node-api'
import type { RowBuffer } from '../bulk/index.ts'
import { bindingOf } from './column.ts'
import type { TableFrom } from './table.ts'

/** Makes a function that puts a row of a table, whole, into a block of rows. */
export function rowWriter<Source>({
  name,
  columns,
}: TableFrom<Source>): (row: RowBuffer, source: Source) => void {
  const puts = columns.map((column) => {
    if (!column.put) throw new TypeError(`Blocks cannot have the column ${name}.${column.name}.`)
    return column.put
  })
  return (row, source) => {
    for (const put of puts) put(row, source)
    row.end()
  }
}

/**
 * Inserts rows with one statement: each costs about as much as a thousand rows.
 *
 * @param conflict what becomes of a row whose key is in the table already.
 * @param end of the statement.
 */
export async function insertRows<Source>(
  connection: DuckDBConnection,
  { name, columns }: TableFrom<Source>,
  sources: readonly Source[],
  conflict: '' | 'OR IGNORE' | 'OR REPLACE' = '',
  end = '',
): Promise<void> {
  if (sources.length === 0) return
  const values = columns.map(({ type }, index) => {
    const list = `unnest($${index + 1})`
    return type === 'JSON' ? `${list}::JSON` : list
  })
  await connection.run(
    `INSERT ${conflict} INTO ${name} (${columns.map((column) => column.name).join(', ')})
     SELECT ${values.join(', ')} ${end}`,
    columns.map(({ bound }) => listValue(sources.map(bound))),
    columns.map((column) => LIST(bindingOf(column))),
  )
}
