import type { Json } from '@trace2/core'
import { printable } from '@trace2/core'
import type { QueryResult } from '@trace2/store'

/** How {@link csv} writes texts. */
export interface CsvOptions {
  /** Escapes what a terminal would obey and what a reader does not see. Into a file, texts go as they are. */
  readonly forTerminal: boolean
  /** Puts `'` before texts that a spreadsheet would run as a formula. */
  readonly escapeFormulas: boolean
}

/** A result as CSV (RFC 4180) with a header, NULL as nothing and an empty string as `""`. */
export function csv({ columns, rows }: QueryResult, options: CsvOptions): string {
  const { forTerminal, escapeFormulas } = options
  const field = (value: Json): string => {
    if (value === null) return ''
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const safe = escapeFormulas && isFormula(value) ? `'${text}` : text
    const shown = forTerminal ? printable(safe) : safe
    return shown === '' || /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
  }
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n')
}

/** How many cells a spreadsheet would run as a formula. */
export function formulasIn({ columns, rows }: QueryResult): number {
  return [columns, ...rows].flat().filter(isFormula).length
}

/** Signs of full width count for some spreadsheets. A negative number is a number. */
function isFormula(value: Json): boolean {
  return typeof value === 'string' && /^[=+\-@\t\r\n\uFF0B\uFF0D\uFF1D\uFF20]/.test(value)
}
