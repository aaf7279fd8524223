import { LIST, listValue, VARCHAR } from '@duckdb/node-api'
import { raise } from '../../../../errors.ts'
import type { ExportedRecord } from '../../../../store.ts'
import type { Database } from '../../database.ts'
import {
  contentTable,
  feedbackTable,
  journalOffsetTable,
  logBaseTable,
  parameterUseTable,
  spanNoteTable,
  spanTable,
  storeTables,
  type TableShape,
  traceTimeTable,
} from '../../tables/index.ts'

/** Tables that spans fill, and what is of one database only. */
const notRecords: ReadonlySet<TableShape> = new Set([
  spanTable,
  contentTable,
  parameterUseTable,
  traceTimeTable,
  journalOffsetTable,
  logBaseTable,
])

/** Tables whose rows an export holds as they are. */
export const recordTables: readonly TableShape[] = storeTables.filter(
  (table) => !notRecords.has(table),
)

/** One row for each row of those tables: the name of its table, and its columns as JSON of texts. */
export function recordsQuery(): string {
  return recordTables
    .map(({ name, columns }) => {
      const members = columns.map((column) =>
        column.type === 'VARCHAR[]'
          ? `${column.name} := ${column.name}`
          : `${column.name} := ${column.name}::VARCHAR`,
      )
      return `SELECT '${name}' AS table_name, to_json(struct_pack(${members.join(', ')})) AS record FROM ${name}`
    })
    .join(' UNION ALL ')
}

/**
 * Adds rows of an export: those whose key is not there, and feedback that is newer than what is there or says the same.
 *
 * @throws {Trace2Error} `T2_IMPORT` where there is no such table, or a row is none of it.
 */
export async function addRecords(
  database: Database,
  name: string,
  rows: readonly ExportedRecord[],
): Promise<number> {
  // With a note, spans are read again: it comes as a log.
  const table = recordTables.find((one) => one.name === name && one !== spanNoteTable)
  if (!table) throw raise('T2_IMPORT', `An export has no table ${name}.`)
  if (!Array.isArray(rows) || rows.length === 0) return 0
  const { columns } = table
  const form = columns.map(
    (column) => `"${column.name}":"${column.type === 'VARCHAR[]' ? 'VARCHAR[]' : 'VARCHAR'}"`,
  )
  const values = columns.map((column) => `r.${column.name}::${column.type} AS ${column.name}`)
  const statement = `INSERT ${table === feedbackTable ? '' : 'OR IGNORE'} INTO ${name} BY NAME
    SELECT ${values.join(', ')}
    FROM (SELECT from_json(unnest($1)::JSON, '{${form.join(',')}}') AS r)
    ${table === feedbackTable ? newerFeedback(columns) : ''}`
  try {
    return await database.write(async (connection) => {
      const texts = rows.map((row) => JSON.stringify(row))
      const result = await connection.run(statement, [listValue(texts)], [LIST(VARCHAR)])
      return result.rowsChanged
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_IMPORT', `Rows of ${name} cannot be added: ${reason}`, { cause: error })
  }
}

function newerFeedback(columns: TableShape['columns']): string {
  const keys = ['trace_id', 'span_id', 'name', 'identifier']
  const others = columns.map(({ name }) => name).filter((name) => !keys.includes(name))
  const same = ['score', 'label', 'comment', 'source']
    .map((name) => `feedback.${name} IS NOT DISTINCT FROM excluded.${name}`)
    .join(' AND ')
  return `ON CONFLICT (${keys.join(', ')}) DO UPDATE
    SET ${others.map((name) => `${name} = excluded.${name}`).join(', ')}
    WHERE excluded.created_ns > feedback.created_ns
      OR (${same} AND excluded.created_ns < feedback.created_ns)`
}
