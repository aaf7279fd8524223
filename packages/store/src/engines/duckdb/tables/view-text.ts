import type { ShownColumn } from './column.ts'
import type { TableShape, View } from './table.ts'

/** The columns of a table's view, in their order. */
export function shownColumns({ name: table, columns, view }: TableShape): ShownColumn[] {
  const own = columns.flatMap(
    ({ name, type, doc, shown }) => shown ?? [{ name, type, doc, sql: `${table}.${name}` }],
  )
  return inOrder([...own, ...(view?.joined ?? [])], view?.order ?? [])
}

function inOrder(columns: readonly ShownColumn[], names: readonly string[]): ShownColumn[] {
  const first = names.map((name) => {
    const column = columns.find((one) => one.name === name)
    if (!column) throw new TypeError(`No column is shown as ${name}.`)
    return column
  })
  return [...first, ...columns.filter((column) => !names.includes(column.name))]
}

/** The statement that makes the view of a table. */
export function createView(table: TableShape & { readonly view: View }): string {
  const columns = shownColumns(table).map(({ name, sql }) => `${sql} AS ${name}`)
  return `CREATE OR REPLACE VIEW ${table.view.name} AS
SELECT ${columns.join(',\n  ')}
FROM ${table.view.from ?? table.name}`
}

/** SQL of a time in nanoseconds as a timestamp. */
export function timestamp(nanoseconds: string): string {
  return `time_of(${nanoseconds})`
}
