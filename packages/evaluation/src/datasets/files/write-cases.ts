import type { Case } from '@trace2/store'
import { stringify } from 'csv-stringify/sync'
import { csvLayout } from './csv-layout.ts'
import type { FileFormat } from './read-cases.ts'

/** Options of {@link writtenCases}. */
export interface WriteOptions {
  /** The format of the file. */
  readonly format: FileFormat
  /**
   * Puts `'` before texts that a spreadsheet would run as a formula. What is read again then differs from what was
   * written. Default `false`.
   */
  readonly escapeFormulas?: boolean
}

/** Text of a file piece by piece: reading it again gives the same cases in the same groups and splits. */
export function* writtenCases(
  cases: readonly Case[],
  { format, escapeFormulas = false }: WriteOptions,
): Generator<string> {
  if (format === 'jsonl') {
    for (const each of cases) yield `${JSON.stringify(exportedCase(each))}\n`
    return
  }
  const { header, row } = csvLayout(cases)
  const options = { escape_formulas: escapeFormulas, record_delimiter: '\r\n' }
  const line = (cells: readonly string[]) =>
    stringify([[...cells]], { ...options, quote_record_delimiter: true })
  yield line(header)
  for (const each of cases) yield line(row(each))
}

/** Texts among the cells that a spreadsheet would run as a formula. */
export function formulaCells(cases: readonly Case[]): number {
  const { header, row } = csvLayout(cases)
  const isFormula = (cell: string) => /^[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20]/.test(cell)
  return [header, ...cases.map(row)].flat().filter(isFormula).length
}

/** A case without what is empty. */
function exportedCase({ id, inputs, reference, group, split, run, feedback, metadata }: Case) {
  return {
    id,
    inputs,
    ...(reference === null ? {} : { reference }),
    group,
    split,
    ...(run === null ? {} : { run }),
    ...(feedback.length === 0 ? {} : { feedback }),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
  }
}
