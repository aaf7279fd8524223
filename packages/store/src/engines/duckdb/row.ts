import type { Json } from '@trace2/core'
import type { Row } from './database.ts'

/** Reads of columns that hold what their names say; a wrong type is our defect, not the data's. */
export function text(row: Row, column: string): string {
  return textOrNull(row, column) ?? ''
}

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column]
  return value === null || value === undefined ? null : String(value)
}

export function number(row: Row, column: string): number {
  return numberOrNull(row, column) ?? 0
}

export function numberOrNull(row: Row, column: string): number | null {
  const value = row[column]
  return value === null || value === undefined ? null : Number(value)
}

export function json(row: Row, column: string): Json {
  const value = textOrNull(row, column)
  return value === null ? null : parseJson(value)
}

const QUOTE = 34

/** Our own stores' JSON; what another program put there and is none is text. */
export function parseJson(text: string): Json {
  // Most values are texts, and most texts have nothing in them that JSON writes in another way.
  const end = text.length - 1
  if (end > 0 && text.charCodeAt(0) === QUOTE && text.indexOf('"', 1) === end) {
    if (!text.includes('\\')) return text.slice(1, end)
  }
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
