import type { ColumnShape, ShownColumn } from '../tables/column.ts'
import type { TableShape } from '../tables/table.ts'
import { shownColumns } from '../tables/view-text.ts'

/** The text of `docs/tables.md`. */
export function tablesPage(tables: readonly TableShape[]): string {
  return `# Tables

Made from the descriptions of the tables by \`npm run docs:tables\`; do not edit it here.

These are the tables of a store in DuckDB, and the views that show a table column by column. Queries use the
[views](collector.md#views), which keep their columns within a version. The tables may change, and a store of an older version is
migrated when it is opened. Times are nanoseconds since 1970 in a table, and timestamps in a view.

${tables.map(section).join('\n\n')}
`
}

function section(table: TableShape): string {
  const { name, doc, columns, key, view } = table
  const parts = [`## \`${name}\``, doc]
  if (key) parts.push(`Key: ${key.map((column) => `\`${column}\``).join(', ')}.`)
  parts.push(
    rows(
      ['column', 'type', 'what it holds'],
      columns.map((column) => [`\`${column.name}\``, typeOf(column), column.doc]),
    ),
  )
  if (view) parts.push(`### \`${view.name}\``, viewText(table))
  return parts.join('\n\n')
}

function typeOf({ type, nullable }: ColumnShape): string {
  return `\`${type}\`${nullable ? ' or NULL' : ''}`
}

/** The columns of a view, the unchanged ones by name only. */
function viewText(table: TableShape): string {
  const shown = shownColumns(table)
  const same = ({ name, sql }: ShownColumn) =>
    sql === `${table.name}.${name}` && table.columns.some((column) => column.name === name)
  const names = shown.filter(same).map(({ name }) => `\`${name}\``)
  const parts = [`As in the table: ${names.join(', ')}.`]
  const made = shown.filter((column) => !same(column))
  if (made.length > 0) {
    parts.push(
      rows(
        ['column', 'type', 'what it holds'],
        made.map(({ name, type, doc }) => [`\`${name}\``, `\`${type}\``, doc]),
      ),
    )
  }
  return parts.join('\n\n')
}

function rows(header: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...cells.map(line)].join('\n')
}
