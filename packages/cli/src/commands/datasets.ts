import { printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { datasetTable, versionTable } from '../text/dataset.ts'
import { examples } from '../text/examples.ts'

interface DatasetsOptions extends DatabaseOptions {
  readonly json?: true
}

export function addDatasets(program: Command, terminal: Terminal): void {
  program
    .command('datasets')
    .summary('list datasets, or the versions of one')
    .description(
      'Lists the latest version of each dataset; with a name, all versions of that one and where each came from.',
    )
    .argument('[name]')
    .option('--json', 'print a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 datasets', 'trace2 datasets tickets'))
    .action((name: string | undefined, options: DatasetsOptions) =>
      listDatasets(name, options, terminal),
    )
}

async function listDatasets(
  name: string | undefined,
  options: DatasetsOptions,
  terminal: Terminal,
): Promise<void> {
  const versions = await withStore(options, (store) =>
    name === undefined ? store.datasets() : store.datasetVersions(name),
  )
  if (options.json) return terminal.print(printableJson(versions, 2))
  if (versions.length === 0) {
    terminal.note(`No datasets in ${options.db} yet.`)
    return terminal.next(['trace2 dataset tickets --from-runs --since 7d'])
  }
  terminal.print(
    name === undefined ? datasetTable(versions, terminal) : versionTable(versions, terminal),
  )
}
