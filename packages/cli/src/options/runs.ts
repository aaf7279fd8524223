import { defined } from '@trace2/core'
import type { RunQuery } from '@trace2/store'
import type { Command } from 'commander'
import { wholeNumber } from './numbers.ts'
import { timeArgument } from './time.ts'

/** What {@link addRunOptions} gives to a command. */
export interface RunOptions {
  readonly since?: string
  readonly where?: string
  readonly limit?: number
}

/** The options that choose runs, the same in every command that works on many. */
export function addRunOptions(command: Command, usually: number): Command {
  return command
    .option('--since <time>', 'runs that started since then: 30m, 12h, 7d or a date', timeArgument)
    .option('--where <SQL>', 'runs for which this holds, over the columns of v_run')
    .option(
      '--limit <n>',
      `at most so many runs, the latest; 0 is all (default: ${usually})`,
      wholeNumber(0),
    )
}

export function runQuery({ since, where, limit }: RunOptions): RunQuery {
  return defined({ since, where, limit })
}
