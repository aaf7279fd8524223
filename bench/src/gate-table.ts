export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

export const points = (difference: number): string =>
  `${difference > 0 ? '+' : ''}${(difference * 100).toFixed(0)}`

/** Prints rows under their heads, each column as wide as it must be. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of [heads, ...rows]) {
    console.log(
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
    )
  }
  console.log('')
}
