import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import { kindsOf } from './columns.ts'
import { type PlainBlock, PlainRows, type Value } from './plain-rows.ts'
import type { Bulk, ColumnKind } from './rows.ts'

/** Appends value by value with DuckDB's own appender: no memory is shared, and no address is written. */
export const plainBulk: Bulk = {
  rowBuffer: (kinds, take) => new PlainRows(kinds, take),

  appendRows: (connection, table, items, write) =>
    appending(connection, table, (append, kinds) => {
      const rows = new PlainRows(kinds, (block) => {
        append(block)
        return undefined
      })
      for (const item of items) write(rows, item)
      rows.flush()
    }),

  async appendBlocks(connection, table, blocks: readonly PlainBlock[]) {
    if (blocks.length === 0) return
    await appending(connection, table, (append) => {
      for (const block of blocks) append(block)
    })
  },
}

async function appending(
  connection: DuckDBConnection,
  table: string,
  task: (append: (block: PlainBlock) => void, kinds: readonly ColumnKind[]) => void,
): Promise<void> {
  const appender = await connection.createAppender(table)
  try {
    const kinds = kindsOf(appender)
    task(({ values }) => {
      for (const row of values) {
        for (const [column, kind] of kinds.entries()) {
          appendValue(appender, kind, row[column] ?? null)
        }
        appender.endRow()
      }
    }, kinds)
  } finally {
    // Appends what is left, or throws where the table refuses it.
    appender.closeSync()
  }
}

function appendValue(appender: DuckDBAppender, kind: ColumnKind, value: Value): void {
  if (value === null) appender.appendNull()
  else if (kind === 'text') appender.appendVarchar(String(value))
  else if (kind === 'unsigned') appender.appendUBigInt(BigInt(value))
  else if (kind === 'double') appender.appendDouble(Number(value))
  else if (kind === 'count') appender.appendUInteger(Number(value))
  else appender.appendBoolean(value === true)
}
