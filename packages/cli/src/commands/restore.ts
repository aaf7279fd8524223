import { printable, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress, suggested } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { formatCount } from '../text/values.ts'

interface RestoreCommandOptions extends DatabaseOptions {
  readonly force?: true
  readonly json?: true
}

export function addRestore(program: Command, terminal: Terminal): void {
  program
    .command('restore')
    .summary('make a database of a backup')
    .description(
      'Makes a database of a directory that `trace2 backup` wrote, after it has checked each file. A damaged or incomplete backup is refused, and so is a database that exists.',
    )
    .argument('<directory>')
    .option('--force', 'put it in the place of a database, which is kept under another name')
    .option('--json', 'print what was restored as JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 restore backups/daily --db restored.duckdb'))
    .action((directory: string, options: RestoreCommandOptions) =>
      restoreBackup(directory, options, terminal),
    )
}

async function restoreBackup(
  directory: string,
  options: RestoreCommandOptions,
  terminal: Terminal,
): Promise<void> {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  const { db, force } = options
  if (isAddress(db) || db === ':memory:') {
    throw raise('T2_USAGE', '--db names the file that is made.')
  }
  const { restore } = await import('@trace2/collector')
  const progress = terminal.progress('Restoring')
  const onProgress = (checked: number, files: number) =>
    progress.update(checked, files, 'files checked')
  const result = await restore(directory, db, { replace: force === true, onProgress }).finally(() =>
    progress.stop(),
  )
  if (options.json) return terminal.print(printableJson(result, 2))
  const { rows, createdAt, before } = result
  const count = Object.values(rows).reduce((sum, some) => sum + some, 0)
  terminal.print(printable(`${formatCount(count)} rows of ${createdAt} are in ${result.database}.`))
  if (before !== undefined) terminal.print(printable(`What was there before is in ${before}.`))
  terminal.next([suggested('trace2 doctor', options), suggested('trace2 runs', options)])
}
