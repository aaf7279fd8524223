/** A Markdown table. Its columns are not aligned, so that a new row changes no other line. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
