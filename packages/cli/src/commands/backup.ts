import { counted, printable, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, isAddress, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { formatCount } from '../text/values.ts'

interface BackupOptions extends DatabaseOptions {
  readonly json?: true
  readonly withoutJournal?: true
}

export function addBackup(program: Command, terminal: Terminal): void {
  program
    .command('backup')
    .summary('copy everything, while it runs or not')
    .description(
      'Writes everything that the store holds into a directory on this machine, as it was at one moment. The collector goes on meanwhile. What it acknowledged before is in the backup. In the directory of an earlier backup only what has changed is written; until that is complete, the earlier backup stays as it is.',
    )
    .argument('<directory>', 'new, empty, or the directory of an earlier backup')
    .option(
      '--without-journal',
      'leave out what a collector that was killed has acknowledged and not stored',
    )
    .option('--json', 'print what was written as JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 backup backups/daily', 'trace2 backup backups/daily --db http://host:4318'),
    )
    .action((directory: string, options: BackupOptions) => backup(directory, options, terminal))
}

async function backup(directory: string, options: BackupOptions, terminal: Terminal) {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  if (options.db === ':memory:') throw raise('T2_USAGE', 'A store in memory holds nothing yet.')
  const { backUp, pendingRequests } = await import('@trace2/collector')
  const result = await withStore(options, async (store) => {
    if (!isAddress(store.location) && !options.withoutJournal) {
      const pending = await pendingRequests(store)
      if (pending > 0) throw journalError(pending, store.location)
    }
    const progress = terminal.progress('Backing up')
    return backUp(store, directory, (rows) =>
      progress.update(rows, 0, counted(rows, 'row')),
    ).finally(() => progress.stop())
  })
  if (options.json) return terminal.print(printableJson(result, 2))
  const { written, writtenBytes, kept, removed } = result
  const rows = Object.values(result.rows).reduce((sum, some) => sum + some, 0)
  const parts = [
    `${counted(rows, 'row')} in ${printable(result.directory)}`,
    `${counted(written, 'file')} written (${formatCount(writtenBytes)} bytes)`,
    `${formatCount(kept)} kept`,
    ...(removed > 0 ? [`${formatCount(removed)} removed`] : []),
  ]
  terminal.print(`${parts.join(', ')}.`)
  terminal.next([`trace2 restore ${printable(directory)} --db restored.duckdb`])
}

function journalError(pending: number, database: string) {
  const requests = Number.isFinite(pending) ? counted(pending, 'request') : 'requests'
  return raise('T2_BACKUP_JOURNAL', `The journal holds ${requests} that ${database} does not hold.`)
}
