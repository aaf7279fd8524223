import { defined } from '@trace2/core'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted } from '../text/values.ts'

interface RetainOptions extends DatabaseOptions {
  readonly maxAge?: string
  readonly maxSize?: string
  readonly force?: true
}

export function addRetain(program: Command, terminal: Terminal): void {
  program
    .command('retain')
    .summary('delete old runs once')
    .description(
      'Deletes runs that are too old, then the oldest beyond a size, as `trace2 collect --max-age` does every ten minutes. What open and accepted proposals rest on stays. If more than half of the runs are too old, which a clock that has jumped looks like, it deletes nothing without --force.',
    )
    .option('--max-age <duration>', 'delete older runs: 12h, 30d')
    .option('--max-size <size>', 'delete the oldest runs beyond it: 500MB, 20GB')
    .option('--force', 'delete what is too old, however much it is')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 retain --max-age 90d', 'trace2 retain --max-age 30d --force'),
    )
    .action((options: RetainOptions) => retain(options, terminal))
}

async function retain(options: RetainOptions, terminal: Terminal): Promise<void> {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  const { maxAge, maxSize, force } = options
  if (maxAge === undefined && maxSize === undefined) {
    throw raise('T2_USAGE', 'Say how much to keep with --max-age, --max-size, or both.')
  }
  const { parseDuration, parseSize } = await import('@trace2/collector')
  const policy = defined({
    maxAgeSeconds: maxAge === undefined ? undefined : parseDuration(maxAge),
    maxBytes: maxSize === undefined ? undefined : parseSize(maxSize),
    force,
  })
  const result = await withStore(options, (store) => store.retain(policy))
  const { traces, spans, keptAsEvidence, bytes } = result
  terminal.print(
    `Deleted ${counted(traces, 'trace')} with ${counted(spans, 'span')}; ${counted(bytes, 'byte')} remain.`,
  )
  if (keptAsEvidence > 0) {
    terminal.print(`Proposals rest on ${counted(keptAsEvidence, 'trace')} that stayed.`)
  }
}
