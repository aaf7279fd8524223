const linesAround = 3

/** The lines of a source around one line, numbered, that line marked with the type of error that was thrown there. */
export function markedLines(lines: readonly string[], number: number, error: string): string {
  const from = Math.max(1, number - linesAround)
  return lines
    .slice(from - 1, number + linesAround)
    .map((line, index) => {
      const current = from + index
      const mark = current === number ? '>' : ' '
      const comment = current === number ? `  // <-- ${error}` : ''
      return `${mark} ${String(current).padStart(4)} | ${line.slice(0, 200)}${comment}`
    })
    .join('\n')
}
