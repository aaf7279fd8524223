import { printable, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import {
  type ParametersFileOptions,
  parametersFileOption,
  shownPath,
} from '../options/parameters-file.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { deploymentText, takenUp } from '../text/deployment.ts'
import { examples } from '../text/examples.ts'
import { tellFinished } from '../text/finished.ts'

interface RollbackOptions extends DatabaseOptions, ParametersFileOptions {
  readonly json?: true
}

export function addRollback(program: Command, terminal: Terminal): void {
  program
    .command('rollback')
    .summary('take an accepted change back')
    .description(
      'Puts the version of a parameter that was in force before the latest acceptance back into the parameters file. Called again, it goes back one more.',
    )
    .argument('<name>', 'name of the parameter')
    .addOption(parametersFileOption())
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 rollback triage.system'))
    .action((name: string, options: RollbackOptions) => rollBack(name, options, terminal))
}

async function rollBack(name: string, options: RollbackOptions, terminal: Terminal): Promise<void> {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  const { rollback } = await import('@trace2/optimizer')
  const { parameters: file, json } = options
  const deployment = await withStore(options, (store) =>
    rollback(store, name, { file, onFinished: tellFinished(terminal) }),
  )
  if (json) return terminal.print(printableJson(deployment, 2))
  terminal.print(deploymentText(deployment, terminal.paint))
  terminal.print(`Wrote ${printable(shownPath(file))}.`)
  terminal.print(takenUp(terminal))
  terminal.next([suggested('trace2 status', options)])
}
