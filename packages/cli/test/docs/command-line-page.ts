import type { Command } from 'commander'
import { createProgram } from '../../src/program.ts'
import { silentTerminal } from '../../src/testing/silent-terminal.ts'
import { markdownTable } from './markdown-table.ts'

/** The text of `docs/command-line.md`. */
export async function commandLinePage(): Promise<string> {
  const program = await createProgram(silentTerminal)
  const visible = program.createHelp().visibleCommands(program)
  const commands = visible.filter((command) => command.name() !== 'help')
  return `# Command line

Made from the help of \`trace2\` by \`npm run docs:cli\`; do not edit it here.

\`\`\`
${helpOf(program)}
\`\`\`

Every command takes \`--help\`. Results go to standard output; hints, progress and errors go to standard error. Commands
that list take \`--json\`. Exit codes: 0 for success, 1 for a failure, 2 for a wrong command line, 130 after Ctrl-C.

${markdownTable(['variable', 'meaning'], variables)}
${commands.map(section).join('')}`
}

const variables: readonly (readonly [string, string])[] = [
  ['`TRACE2_DB`', 'the database or the address of a collector, instead of `--db`'],
  [
    '`TRACE2_TOKEN`',
    'the bearer token: `collect` asks for it, the other commands send it to the address in `--db`',
  ],
  [
    '`TRACE2_PARAMETERS`',
    'the parameters file, instead of `--parameters`; the agent reads the same one',
  ],
  [
    '`TRACE2_MODEL`, `OPENAI_API_KEY`, `OPENAI_BASE_URL`',
    'the model that `optimize` and `judge` ask',
  ],
  [
    '`TRACE2_EMBEDDING_MODEL`',
    'the model that `judge --similar` asks (default: text-embedding-3-small)',
  ],
  ['`TRACE2_REDACTION_KEY`', 'the key of the redaction rules of `collect`'],
  ['`NO_COLOR`, `FORCE_COLOR`', 'no colour, or colour even where the output is no terminal'],
  ['`COLUMNS`', 'width to lay text out for where the output is no terminal (default 120)'],
  ['`TRACE2_DEBUG=1`', 'errors with the stack of what led to them'],
]

function section(command: Command): string {
  return `
## trace2 ${command.name()}

\`\`\`
${helpOf(command)}
\`\`\`
`
}

function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    ...command.configureOutput(),
    writeOut: (piece) => {
      text += piece
    },
  })
  command.outputHelp()
  return text.trim()
}
