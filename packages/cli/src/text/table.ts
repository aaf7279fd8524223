import {
  displayWidth,
  type Paint,
  padded,
  printable,
  shorten,
  type Tone,
  wrapped,
} from '@trace2/optimizer/render'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** Gives up room for the others when the terminal is narrow; its cells end in `…` then. */
  readonly flexible?: boolean
}

/** Text of a cell, made printable by the table; with a tone, coloured by it. */
export type Cell = string | { readonly text: string; readonly tone: Tone }

const gap = 2
const narrowest = 8

/** A table without borders, for people. Never wider than `columns` as long as its flexible columns can give way. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: { readonly columns: number; readonly paint: Paint },
): string {
  const { paint } = options
  const room = options.columns
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

/** Names, and their values below each other in one column. What is too long continues in that column. */
export function fields(
  rows: readonly (readonly [name: string, value: Cell])[],
  { paint, columns }: { readonly columns: number; readonly paint: Paint },
): string {
  const column = Math.max(0, ...rows.map(([name]) => displayWidth(printable(name)))) + gap
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
    Math.max(displayWidth(title), ...texts.map((row) => displayWidth(row[index] ?? ''))),
  )
  // The widest flexible column gives way, one column at a time, so that several end up alike.
  for (let excess = total(widths) - room; excess > 0; excess--) {
    let widest = -1
    for (const [index, { flexible }] of columns.entries()) {
      const width = widths[index] ?? 0
      if (flexible && width > narrowest && width > (widths[widest] ?? 0)) widest = index
    }
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * (widths.length - 1)
}
