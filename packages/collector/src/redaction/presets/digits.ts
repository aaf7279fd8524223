/** A group of digits, and what stands between it and the one before. */
export interface Group {
  readonly from: number
  readonly to: number
  readonly digits: string
  /** Nothing before the first of a row. */
  readonly before: string
}

const group = /\d+/g
const LONGEST_GAP = 3
const ofGaps = /^[^\p{L}\p{N}\n\r"'<>]{1,3}$/u

/** Rows of groups of digits with at most three other signs, but no letters, between two. */
export function* digitRows(text: string): Generator<readonly Group[]> {
  let row: Group[] = []
  group.lastIndex = 0
  for (const match of text.matchAll(group)) {
    const from = match.index
    const last = row.at(-1)
    const gap = last ? text.slice(last.to, Math.min(from, last.to + LONGEST_GAP + 1)) : ''
    const joined = last !== undefined && ofGaps.test(gap)
    if (last && !joined) {
      yield row
      row = []
    }
    row.push({ from, to: from + match[0].length, digits: match[0], before: joined ? gap : '' })
  }
  if (row.length > 0) yield row
}

/** Whether a letter or digit stands beside a place, so that it is a part of something else. */
export function isPart(text: string, from: number, to: number): boolean {
  return /[A-Za-z\d_]/.test(text.charAt(from - 1)) || /[A-Za-z\d_]/.test(text.charAt(to))
}

/** Whether the digits behind a point or before one make a broken number. */
export function isFraction(text: string, from: number, to: number): boolean {
  return (
    /[\d.]\.$/.test(text.slice(Math.max(0, from - 2), from)) || /^\.\d/.test(text.slice(to, to + 2))
  )
}
