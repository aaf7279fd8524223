import { printable } from '@trace2/core'
import { displayWidth, type Paint, padded, shorten, type Tone, wrapped } from '@trace2/render'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives up room for the others when the terminal is narrow; its cells end in `…` then. */
  readonly flexible?: boolean
  /** Left out whole where the terminal is too narrow for all columns, those with the highest number first. */
  readonly optional?: number
}

/** Text of a cell, made printable by the table; with a tone, coloured by it. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

const gap = 2
/** What a flexible column keeps while others can give way. */
const narrowest = 8
/** What is left of a flexible column before others are left out for it: most names can be told apart in it. */
const telling = 24
/** What every column keeps: a letter or two, and the mark that there is more. */
const tightest = 3

/** A table without borders, for people. Never wider than `columns` as long as there is room for three letters a column. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly columns: number; readonly paint: Paint },
): string {
  const { paint } = options
  const room = options.columns
  const kept = keptColumns(columns, rows, room)
  if (kept.length < columns.length) {
    const only = <T>(list: readonly T[]) => list.filter((_, index) => kept.includes(index))
    return table(only(columns), rows.map(only), options)
  }
  // A value can be megabytes long; no more of it than the terminal is wide is looked at.
  const shown = (cell: Cell | undefined) =>
    shorten(printable(textOf(cell).slice(0, room * 2)), room)
  const texts = rows.map((row) => columns.map((_, index) => shown(row[index])))
  const widths = fittedWidths(columns, texts, options.columns)
  const cut = (text: string, index: number) => shorten(text, widths[index] ?? 0)
  const lines = [
    columns.map(({ title }, index) => ({ text: cut(printable(title), index), tone: 'faint' })),
    ...texts.map((row, rowIndex) =>
      row.map((text, index) => ({
        text: cut(text, index),
        tone: toneOf(rows[rowIndex]?.[index]),
      })),
    ),
  ] satisfies { text: string; tone: Tone }[][]
  return lines
    .map((cells) =>
      cells
        .map(({ text, tone }, index) => {
          const blank = ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(text)))
          const painted = paint(tone, text)
          return columns[index]?.align === 'right' ? blank + painted : painted + blank
        })
        .join(' '.repeat(gap))
        .trimEnd(),
    )
    .join('\n')
}

/** The columns that there is room for: those that can be left out go one by one. */
function keptColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  room: number,
): readonly number[] {
  const least = columns.map(({ title, flexible }, index) => {
    const widths = rows.map((row) => displayWidth(printable(textOf(row[index]).slice(0, room))))
    const needed = Math.max(displayWidth(printable(title)), widest(widths))
    return flexible ? Math.min(needed, telling) : needed
  })
  const kept = columns.map((_, index) => index)
  while (total(kept.map((index) => least[index] ?? 0)) > room) {
    const rank = (index: number) => columns[index]?.optional ?? 0
    const next = kept.toSorted((a, b) => rank(b) - rank(a))[0]
    if (next === undefined || rank(next) === 0) break
    kept.splice(kept.indexOf(next), 1)
  }
  return kept
}

/** Names, and their values below each other in one column. What is too long continues in that column. */
export function fields(
  rows: readonly (readonly [name: string, value: Cell])[],
  { paint, columns }: { readonly columns: number; readonly paint: Paint },
): string {
  const column = widest(rows.map(([name]) => displayWidth(printable(name)))) + gap
  return rows
    .flatMap(([name, value]) => {
      const tone = typeof value === 'object' ? value.tone : 'plain'
      const [first = '', ...rest] = wrapped(
        printable(textOf(value)),
        Math.max(20, columns - column),
      )
      const title = paint('faint', padded(printable(name), column))
      return [
        title + paint(tone, first),
        ...rest.map((line) => ' '.repeat(column) + paint(tone, line)),
      ]
    })
    .map((line) => line.trimEnd())
    .join('\n')
}

function toneOf(cell: Cell | undefined): Tone {
  return typeof cell === 'object' ? cell.tone : 'plain'
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '')
}

function fittedWidths(
  columns: readonly Column[],
  texts: readonly (readonly string[])[],
  room: number,
): number[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), widest(texts.map((row) => displayWidth(row[index] ?? '')))),
  )
  const natural = columns.map((_, index) =>
    Math.max(1, widest(texts.map((row) => displayWidth(row[index] ?? '')))),
  )
  // First the flexible columns, then titles that are wider than what stands below them, then whatever is widest.
  give(widths, room, (index) => (columns[index]?.flexible ? narrowest : Number.POSITIVE_INFINITY))
  give(widths, room, (index) => Math.max(natural[index] ?? 0, tightest))
  give(widths, room, () => tightest)
  return widths
}

/** Makes the widest column that may give way narrower, one by one, so that several end up alike. */
function give(widths: number[], room: number, least: (index: number) => number): void {
  for (let excess = total(widths) - room; excess > 0; excess--) {
    let widest = -1
    for (const [index, width] of widths.entries()) {
      if (width > least(index) && width > (widths[widest] ?? 0)) widest = index
    }
    if (widest < 0) return
    widths[widest] = (widths[widest] ?? 0) - 1
  }
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)
}

/** The greatest of any number of widths, and at least 0: a call takes only so many arguments. */
function widest(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0)
}
