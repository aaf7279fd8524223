import { displayWidth } from './width.ts'

/** A command over as many lines as it needs, broken between its words only: one that is longer than a line stays whole. */
export function commandLines(command: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  // Quoted words have spaces in them.
  for (const word of command.trim().match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? []) {
    const joined = line === '' ? `  ${word}` : `${line} ${word}`
    if (line === '' || displayWidth(joined) + 2 <= columns) line = joined
    else {
      lines.push(`${line} \\`)
      line = `      ${word}`
    }
  }
  return [...lines, line]
}
