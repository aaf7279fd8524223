import { printable, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { findProposal } from '../options/last.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { tellFinished } from '../text/finished.ts'

interface RejectOptions extends DatabaseOptions {
  readonly note?: string
  readonly json?: true
}

export function addReject(program: Command, terminal: Terminal): void {
  program
    .command('reject')
    .summary('close proposals without changing anything')
    .description('Closes proposals without changing anything.')
    .argument('<proposals...>', 'ids, or their beginnings; `last` is the latest one')
    .option('--note <text>', 'why, for later readers')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 reject p-3f2a91c0 --note "too long"'))
    .action((ids: readonly string[], options: RejectOptions) =>
      rejectProposals(ids, options, terminal),
    )
}

async function rejectProposals(
  ids: readonly string[],
  options: RejectOptions,
  terminal: Terminal,
): Promise<void> {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  const { reject } = await import('@trace2/optimizer')
  const onFinished = tellFinished(terminal)
  await withStore(options, async (store) => {
    for (const id of ids) {
      const found = await findProposal(store, id)
      const proposal = await reject(store, found.id, options.note, { onFinished })
      const text = `Rejected ${proposal.id} for ${proposal.parameter}.`
      terminal.print(options.json ? printableJson(proposal) : printable(text))
    }
  })
}
