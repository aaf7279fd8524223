import { type DuckDBAppender, type DuckDBConnection, DuckDBTypeId } from '@duckdb/node-api'
import type { ColumnKind } from './rows.ts'

const kindOfType: Partial<Record<DuckDBTypeId, ColumnKind>> = {
  [DuckDBTypeId.VARCHAR]: 'text',
  [DuckDBTypeId.UBIGINT]: 'unsigned',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.UINTEGER]: 'count',
  [DuckDBTypeId.BOOLEAN]: 'boolean',
}

/** What the columns of a table are. */
export async function columnsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<readonly ColumnKind[]> {
  const appender = await connection.createAppender(table)
  try {
    return kindsOf(appender)
  } finally {
    appender.closeSync()
  }
}

export function kindsOf(appender: DuckDBAppender): ColumnKind[] {
  return Array.from({ length: appender.columnCount }, (_, column) => {
    const { typeId } = appender.columnType(column)
    const kind = kindOfType[typeId]
    if (!kind) throw new TypeError(`Rows have no columns of type ${typeId}.`)
    return kind
  })
}
