import { DuckDBInstance, DuckDBTypeId } from '@duckdb/node-api'

/**
 * The yardstick of the collector: the rows that it wrote, appended to equal tables of a new database with nothing
 * else to do, in transactions of as many spans, and then checkpointed.
 *
 * @returns milliseconds.
 */
export async function appendSameRows(from: string, to: string): Promise<number> {
  const source = await DuckDBInstance.create(from, { access_mode: 'READ_ONLY' })
  const reader = await source.connect()
  const target = await DuckDBInstance.create(to, { wal_autocheckpoint: '1GB' })
  const writer = await target.connect()
  let elapsed = 0
  for (const table of ['span', 'trace_time']) {
    const result = await reader.runAndReadAll(`SELECT * FROM ${table}`)
    const types = result.columnTypes()
    const columns = result.columnNames().map((column, i) => `${column} ${types[i]}`)
    await writer.run(`CREATE TABLE ${table} (${columns.join(', ')})`)
    const ids = types.map((type) => type.typeId)
    const rows = result.getRows()
    const before = performance.now()
    for (let at = 0; at < rows.length; at += 4096) {
      await writer.run('BEGIN')
      const appender = await writer.createAppender(table)
      for (const row of rows.slice(at, at + 4096)) {
        for (const [column, value] of row.entries()) {
          if (value === null) appender.appendNull()
          else if (typeof value === 'string') appender.appendVarchar(value)
          else if (typeof value === 'boolean') appender.appendBoolean(value)
          else if (typeof value === 'bigint') appender.appendUBigInt(value)
          else if (ids[column] === DuckDBTypeId.UINTEGER) appender.appendUInteger(Number(value))
          else appender.appendDouble(Number(value))
        }
        appender.endRow()
      }
      appender.closeSync()
      await writer.run('COMMIT')
    }
    elapsed += performance.now() - before
  }
  const before = performance.now()
  await writer.run('CHECKPOINT')
  elapsed += performance.now() - before
  writer.closeSync()
  target.closeSync()
  reader.closeSync()
  source.closeSync()
  return elapsed
}
