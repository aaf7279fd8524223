import { text as readText } from 'node:stream/consumers'
import type { Json } from '@trace2/core'
import { printable, printableJson } from '@trace2/core'
import { displayWidth, shorten, type Tone } from '@trace2/render'
import type { QueryResult } from '@trace2/store'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { escapeFormulasOption, printCsv, requireCsv } from '../options/csv.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Cell, type Column, fields, table } from '../text/table.ts'
import { counted } from '../text/values.ts'

interface SqlOptions extends DatabaseOptions {
  readonly format: 'table' | 'json' | 'csv'
  readonly json?: true
  readonly escapeFormulas?: true
}

export function addSql(program: Command, terminal: Terminal): void {
  program
    .command('sql')
    .summary('query the store, read-only')
    .description(
      'Runs one SELECT of DuckDB SQL over the documented views (v_run, v_span, v_feedback, v_proposal and others; see docs/collector.md).',
    )
    .argument('<query>', 'the query, or - to read it from standard input')
    .addOption(
      new Option('--format <format>', 'how to print the rows')
        .choices(['table', 'json', 'csv'])
        .default('table'),
    )
    .addOption(escapeFormulasOption())
    .option('--json', 'the same as --format json: an array of objects')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 sql "SELECT name, count(*), avg(normalized) FROM v_feedback GROUP BY name"'),
    )
    .action((query: string, options: SqlOptions) => runQuery(query, options, terminal))
}

async function runQuery(query: string, options: SqlOptions, terminal: Terminal): Promise<void> {
  const format = options.json ? 'json' : options.format
  requireCsv(options, format)
  const text = query === '-' ? await readText(process.stdin) : query
  if (text.trim() === '') throw raise('T2_USAGE', 'The query is empty.')
  const result = await withStore(options, (store) => store.sql(text))
  switch (format) {
    case 'json':
      terminal.print(printableJson(objects(result), 2))
      break
    case 'csv':
      printCsv(result, options.escapeFormulas === true, terminal)
      break
    case 'table':
      printTable(result, terminal)
  }
}

/** Fewer columns than this for each value would show beginnings of everything and nothing whole. */
const readableColumn = 12

function printTable(result: QueryResult, terminal: Terminal): void {
  const { columns, rows } = result
  const wide = columns.length * readableColumn > terminal.columns
  terminal.print(wide ? recordsText(result, terminal) : tableText(result, terminal))
  terminal.hint(counted(rows.length, 'row'))
}

function tableText({ columns, rows }: QueryResult, terminal: Terminal): string {
  const header = columns.map((title, index): Column => {
    const values = rows.map((row) => row[index])
    const numeric = values.every((value) => value === null || typeof value === 'number')
    return { title, flexible: true, align: numeric ? 'right' : 'left' }
  })
  return table(
    header,
    rows.map((row) => row.map((value): Cell => cellOf(value))),
    terminal,
  )
}

/** A row per paragraph and a column per line, for rows that are wider than the terminal. */
function recordsText({ columns, rows }: QueryResult, terminal: Terminal): string {
  const room = terminal.columns - 2 - Math.max(0, ...columns.map(displayWidth))
  return rows
    .map((row) => {
      const values = columns.map((name, index) => {
        const { text, tone } = cellOf(row[index] ?? null)
        return [
          name,
          { text: shorten(printable(text), Math.max(room, readableColumn)), tone },
        ] as const
      })
      return fields(values, terminal)
    })
    .join('\n\n')
}

function cellOf(value: Json): { readonly text: string; readonly tone: Tone } {
  if (value === null) return { text: 'NULL', tone: 'faint' }
  return { text: typeof value === 'string' ? value : JSON.stringify(value), tone: 'plain' }
}

/** One object per row; of several columns with one name, the later ones are numbered. */
function objects({ columns, rows }: QueryResult): { readonly [column: string]: Json }[] {
  const seen = new Map<string, number>()
  const names = columns.map((column) => {
    const count = (seen.get(column) ?? 0) + 1
    seen.set(column, count)
    return count === 1 ? column : `${column}_${count}`
  })
  return rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
  )
}
