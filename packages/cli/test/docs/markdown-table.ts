import { displayWidth, padded } from '@trace2/optimizer/render'

/** A Markdown table with its columns aligned, as the formatter of this repository wants it. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = [header, ...rows].map((row) => row.map((text) => text.replaceAll('|', '\\|')))
  const widths = header.map((_, index) =>
    Math.max(...cells.map((row) => displayWidth(row[index] ?? ''))),
  )
  const line = (row: readonly string[]) =>
    `| ${row.map((text, index) => padded(text, widths[index] ?? 0)).join(' | ')} |`
  const [first = [], ...rest] = cells
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n')
}
