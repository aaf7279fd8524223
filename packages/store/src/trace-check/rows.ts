import type { Json } from '@trace2/core'
import type { QueryResult } from '../store.ts'

/** A row of a query, by the names of its columns. */
export interface Row {
  text(name: string): string
  textOrNull(name: string): string | null
  count(name: string): number
}

export function rowsOf({ columns, rows }: QueryResult): Row[] {
  return rows.map((row) => {
    const at = (name: string): Json => row[columns.indexOf(name)] ?? null
    const textOrNull = (name: string) => {
      const value = at(name)
      return value === null ? null : String(value)
    }
    return { textOrNull, text: (name) => textOrNull(name) ?? '', count: (name) => Number(at(name)) }
  })
}
