import { resolve } from 'node:path'
import { printable, printableJson } from '@trace2/core'
import { type Command, Option } from 'commander'
import { type DatabaseOptions, databaseOption, isAddress, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { counted } from '../text/values.ts'

interface ExportOptions extends DatabaseOptions {
  readonly json?: true
  readonly partitionBy?: 'day'
}

export function addExport(program: Command, terminal: Terminal): void {
  program
    .command('export')
    .summary('write everything as Parquet')
    .description(
      'Writes one Parquet file per view into a new or empty directory, on the machine that holds the database.',
    )
    .argument('<directory>')
    .addOption(
      new Option(
        '--partition-by <unit>',
        'one directory per day on which a trace began, for views that have traces',
      ).choices(['day']),
    )
    .option('--json', 'print the paths as a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 export runs-2026-11'))
    .action((directory: string, options: ExportOptions) => exportAll(directory, options, terminal))
}

async function exportAll(
  directory: string,
  options: ExportOptions,
  terminal: Terminal,
): Promise<void> {
  const paths = await withStore(options, (store) =>
    store.exportParquet(
      isAddress(options.db) ? directory : resolve(directory),
      options.partitionBy && { partitionBy: options.partitionBy },
    ),
  )
  if (options.json) {
    terminal.print(printableJson(paths, 2))
    return
  }
  for (const path of paths) terminal.print(printable(path))
  terminal.hint(`Wrote ${counted(paths.length, 'file')}.`)
}
