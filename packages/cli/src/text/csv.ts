import type { Json } from '@trace2/core'
import { printable } from '@trace2/core'
import type { QueryResult } from '@trace2/store'

/**
 * A result as CSV (RFC 4180) with a header, NULL as nothing and an empty string as `""`. Values go into a file as
 * they are; for a terminal, what it would obey is escaped.
 */
export function csv({ columns, rows }: QueryResult, forTerminal: boolean): string {
  const field = (value: Json): string => {
    if (value === null) return ''
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const shown = forTerminal ? printable(text) : text
    return shown === '' || /[",\r\n]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown
  }
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n')
}
