import { readFileSync } from 'node:fs'
import { Command, Help } from 'commander'
import { commandGroups, neededCommand } from './command-groups.ts'
import { takeDefaultsFromConfiguration } from './config/defaults.ts'
import { refuseBlanks } from './options/blanks.ts'
import { asCalled } from './terminal/called.ts'
import type { Terminal } from './terminal/terminal.ts'
import { examples, fittedHelp } from './text/examples.ts'

/**
 * The command, writing to the given terminal. It throws instead of ending the process.
 *
 * @param args what it is to parse: the program has what these need. Default: all of it.
 */
export async function createProgram(
  terminal: Terminal,
  args: readonly string[] = [],
): Promise<Command> {
  const help = new Help()
  const called = (text: string) => asCalled(text, terminal.command)
  const program = new Command('trace2')
    .description(
      'AutoDiff for AI agents: collect runs, give feedback, optimize prompts, code and numbers.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp({
      styleTitle: (title) => terminal.paint('strong', title),
      styleCommandText: (text) => terminal.paint('strong', text),
      commandUsage: (command) => called(help.commandUsage(command)),
      commandDescription: (command) => called(help.commandDescription(command)),
      optionDescription: (option) => called(help.optionDescription(option)),
      helpWidth: Math.min(terminal.columns, 100),
      // Beside long options little is left of a narrow terminal; without this, nothing would be wrapped there.
      minWidthToWrap: 16,
    })
    .configureOutput({
      writeOut: (text) => terminal.print(fittedHelp(text.trimEnd(), terminal)),
      // Usage errors are reported like all others, by whoever runs the program.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(terminal.columns, 100),
    })
    .addHelpText('after', examples('trace2 demo', 'trace2 collect', 'trace2 optimize --since 7d'))

  const only = neededCommand(args)
  for (const { title, commands } of commandGroups) {
    program.commandsGroup(title)
    for (const [name, load] of Object.entries(commands)) {
      if (only !== undefined && name !== only) continue
      const add = await load()
      add(program, terminal)
    }
  }
  refuseBlanks(program)
  takeDefaultsFromConfiguration(program)
  return program
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  )
  return String(Object(manifest).version)
}
