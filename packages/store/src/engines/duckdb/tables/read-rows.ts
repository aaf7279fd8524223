import type { ColumnShape } from './column.ts'
import type { NameIn, RowOf, TableShape } from './table.ts'

/** How some columns of a table are asked for, and what a row of the answer says. */
export interface Reading<Row, Answer> {
  /** What to select. */
  readonly select: string
  readonly read: (answer: Answer) => Row
}

/**
 * Reads columns of a table, each as a column of the answer.
 *
 * @param names of the columns. Default: all.
 */
export function reading<Of extends TableShape, const Name extends NameIn<Of> = NameIn<Of>>(
  table: Of,
  names?: readonly Name[],
): Reading<RowOf<Of, Name>, Readonly<Record<string, unknown>>> {
  const columns = names ? columnsNamed(table, names) : table.columns
  return {
    select: columns.map(({ name }) => `${table.name}.${name}`).join(', '),
    read: (answer) => rowOf(columns, ({ name }) => answer[name]),
  }
}

/**
 * Reads columns of a table that are asked for as one JSON array of texts: parsing it is quicker than many columns.
 *
 * @param expressions of SQL over the table whose texts are wanted as well, by the names that they get.
 */
export function packedReading<
  Of extends TableShape,
  const Name extends NameIn<Of>,
  const Extra extends string = never,
>(
  table: Of,
  names: readonly Name[],
  expressions?: Readonly<Record<Extra, string>>,
): Reading<RowOf<Of, Name> & Readonly<Record<Extra, string>>, string> {
  const columns = columnsNamed(table, names)
  const texts = columns.map(({ name, type }) =>
    type === 'VARCHAR' ? `${table.name}.${name}` : `${table.name}.${name}::VARCHAR`,
  )
  const extra = Object.entries<string>(expressions ?? {})
  const all = [...texts, ...extra.map(([, expression]) => expression)]
  return {
    select: `to_json([${all.join(', ')}])::VARCHAR`,
    read: (answer) => {
      const values: readonly unknown[] = JSON.parse(answer)
      const row = rowOf<RowOf<Of, Name>>(columns, (_, index) => values[index])
      const more = extra.map(([name], index) => [name, String(values[columns.length + index])])
      return Object.assign(row, Object.fromEntries(more))
    },
  }
}

function columnsNamed({ name: table, columns }: TableShape, names: readonly string[]) {
  return names.map((name) => {
    const column = columns.find((one) => one.name === name)
    if (!column) throw new TypeError(`The table ${table} has no column ${name}.`)
    return column
  })
}

/** The columns' own `read` makes the values, so the row has the types that they say. */
function rowOf<Row>(
  columns: readonly ColumnShape[],
  stored: (column: ColumnShape, index: number) => unknown,
): Row {
  const row: Record<string, unknown> = {}
  for (const [index, column] of columns.entries()) {
    row[column.name] = column.read(stored(column, index))
  }
  return row as Row
}
