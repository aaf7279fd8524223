import type { QueryResult } from '@trace2/store'
import { Option } from 'commander'
import { raise } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { csv, formulasIn } from '../text/csv.ts'
import { counted } from '../text/values.ts'

/** What {@link escapeFormulasOption} gives to a command. */
export interface CsvCommandOptions {
  readonly escapeFormulas?: true
}

export function escapeFormulasOption(): Option {
  return new Option('--escape-formulas', "with csv, put ' before what a spreadsheet would run")
}

/** Stops a command that is to escape formulas and writes something else than CSV. */
export function requireCsv({ escapeFormulas }: CsvCommandOptions, format: string): void {
  if (escapeFormulas && format !== 'csv') {
    throw raise('T2_USAGE', '--escape-formulas goes with --format csv.')
  }
}

/** Prints a result as CSV, and says what a spreadsheet would make of it. */
export function printCsv(result: QueryResult, escapeFormulas: boolean, terminal: Terminal): void {
  terminal.print(csv(result, { forTerminal: terminal.interactive, escapeFormulas }))
  const formulas = escapeFormulas ? 0 : formulasIn(result)
  if (formulas === 0) return
  const cells = counted(formulas, 'cell')
  terminal.note(`A spreadsheet would run ${cells} as a formula: say --escape-formulas for one.`)
}
