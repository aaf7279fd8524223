import { displayWidth, wrapped } from '@trace2/optimizer/render'

/** The end of a command's help: how one would call it. */
export function examples(...commands: readonly string[]): string {
  const title = commands.length === 1 ? 'Example' : 'Examples'
  return `\n${title}:\n${commands.map((command) => `  $ ${command}`).join('\n')}`
}

/** Help in which no line is longer than the terminal is wide; a command goes on in the next line as a shell has it. */
export function fittedHelp(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      if (displayWidth(line) <= columns) return [line]
      if (!line.startsWith('  $ ')) return wrapped(line, columns)
      return commandLines(line, columns)
    })
    .join('\n')
}

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
