import type { Stretch, Traits } from '../reading/traits.ts'

/** A group of digits, and what stands between it and the one before. */
export interface Group extends Stretch {
  readonly digits: string
  /** Nothing before the first of a row. */
  readonly before: string
}

const known = new WeakMap<readonly Stretch[], readonly Group[]>()

/** Rows of groups of digits with their texts. */
export function digitRows(text: string, { rows }: Traits): (readonly Group[])[] {
  return rows.map((row) => {
    const before = known.get(row)
    if (before) return before
    const groups = row.map(({ from, to }, index) => ({
      from,
      to,
      digits: text.slice(from, to),
      before: index === 0 ? '' : text.slice(row[index - 1]?.to, from),
    }))
    known.set(row, groups)
    return groups
  })
}

/** Whether the digits behind a point or before one make a broken number. */
export function isFraction(text: string, from: number, to: number): boolean {
  const isDot = (at: number) => text.charCodeAt(at) === 46
  const isDigit = (at: number) => text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57
  return (
    (isDot(from - 1) && (isDigit(from - 2) || isDot(from - 2))) || (isDot(to) && isDigit(to + 1))
  )
}
