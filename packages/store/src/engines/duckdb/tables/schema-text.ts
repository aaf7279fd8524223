import type { ColumnShape } from './column.ts'
import type { TableShape } from './table.ts'

/** Version of the tables that was described first; what older ones lack, files in `sql/` add. */
export const FIRST_DESCRIBED = 6

/** The version of some tables: that of the latest addition. */
export function versionOfTables(tables: readonly TableShape[]): number {
  return Math.max(FIRST_DESCRIBED, ...tables.flatMap(additions))
}

function additions({ since = FIRST_DESCRIBED, columns }: TableShape): number[] {
  return [since, ...columns.map((column) => column.since ?? since)]
}

export interface Creation {
  /** Version whose columns the table is to have. Default: the latest. */
  readonly version?: number
  /** Makes a table of the connection, unless it has it. */
  readonly temporary?: boolean
}

/** The statement that makes a table. */
export function createTable(
  { name, columns, key }: TableShape,
  { version = Infinity, temporary = false }: Creation = {},
): string {
  const parts = columns.filter((column) => isIn(column, version)).map(columnText)
  if (key) parts.push(`PRIMARY KEY (${key.join(', ')})`)
  const create = temporary ? 'CREATE TEMP TABLE IF NOT EXISTS' : 'CREATE TABLE'
  return `${create} ${name} (\n  ${parts.join(',\n  ')}\n)`
}

/** The statements that bring tables from the version before to a version. */
export function additionsOf(tables: readonly TableShape[], version: number): string[] {
  return tables.flatMap((table) => {
    const since = table.since ?? FIRST_DESCRIBED
    if (since === version) return [createTable(table, { version })]
    return table.columns
      .filter((column) => column.since === version)
      .map((column) => addColumn(table, column))
  })
}

function addColumn({ name: table }: TableShape, column: ColumnShape): string {
  if (!column.nullable) {
    throw new TypeError(`Rows of older versions have nothing in ${table}.${column.name}.`)
  }
  return `ALTER TABLE ${table} ADD COLUMN ${columnText(column)}`
}

function isIn({ since = FIRST_DESCRIBED }: ColumnShape, version: number): boolean {
  return since <= version
}

function columnText({ name, type, nullable }: ColumnShape): string {
  return `${name} ${type}${nullable ? '' : ' NOT NULL'}`
}
