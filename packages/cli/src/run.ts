import type { Trace2Error } from '@trace2/core'
import { CommanderError } from 'commander'
import { raise } from './errors.ts'
import { createProgram } from './program.ts'
import { errorText, explained } from './terminal/report-error.ts'
import type { Terminal } from './terminal/terminal.ts'
import { inWordsOf } from './text/remedies.ts'

const exitCodes = { success: 0, failure: 1, usage: 2, interrupted: 130 } as const

/** Runs one command line, reports its error if it has one, and returns the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = await createProgram(terminal, args)
  let command: string | undefined
  program.hook('preAction', (_program, acting) => {
    command = acting.name()
  })
  if (args.length === 0) {
    program.outputHelp()
    return exitCodes.success
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCodes.success
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.success
    const error = inWordsOf(
      command,
      explained(thrown instanceof CommanderError ? usageError(thrown) : thrown),
    )
    terminal.note(errorNote(error, args, terminal), 'exact')
    if (error.code === 'T2_USAGE') return exitCodes.usage
    return error.code === 'T2_INTERRUPTED' ? exitCodes.interrupted : exitCodes.failure
  }
}

/** An error as the command line of `args` tells it. */
export function errorNote(
  error: Trace2Error,
  args: readonly string[],
  { paintNote, columns, command }: Terminal,
): string {
  const debug = process.env.TRACE2_DEBUG === '1'
  return errorText(error, { json: wantsJson(args), debug, paint: paintNote, columns, command })
}

/** Where one finds what a command has to be given. */
const listedBy: Readonly<Record<string, string>> = {
  run: '`last` is the latest one, and `trace2 runs` lists them',
  proposal: '`last` is the latest one, and `trace2 proposals` lists them',
  proposals: '`trace2 proposals --status open` lists them',
  name: '`trace2 parameters` lists them',
}

function usageError({ message }: CommanderError): Error {
  const [what = '', ...suggestion] = message.replace(/^error: /, '').split('\n')
  const [, missing = ''] = /^missing required argument '(\w+)'/.exec(what) ?? []
  const listed = listedBy[missing]
  if (listed !== undefined) suggestion.push(`(${listed}).`)
  return raise('T2_USAGE', [what, ...suggestion].join(' '))
}

/** Known before the arguments are parsed, because that may be what fails. */
function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, index) =>
      arg === '--json' ||
      arg === '--format=json' ||
      (arg === 'json' && args[index - 1] === '--format'),
  )
}
