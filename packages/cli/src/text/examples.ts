import { commandLines, displayWidth, wrapped } from '@trace2/render'
import { asCalled } from '../terminal/called.ts'

/** The end of a command's help: how one would call it. */
export function examples(...commands: readonly string[]): string {
  const title = commands.length === 1 ? 'Example' : 'Examples'
  return `\n${title}:\n${commands.map((command) => `  $ ${command}`).join('\n')}`
}

/**
 * Help in which no line is longer than the terminal is wide; a command goes on in the next line as a shell has it.
 * Examples call the command as it is called here.
 */
export function fittedHelp(
  text: string,
  { columns, command }: { readonly columns: number; readonly command: string },
): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const isExample = line.startsWith('  $ ')
      const shown = isExample ? asCalled(line, command) : line
      if (displayWidth(shown) <= columns) return [shown]
      return isExample ? commandLines(shown, columns) : wrapped(shown, columns)
    })
    .join('\n')
}
