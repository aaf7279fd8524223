import type { ProposalStatus } from '@trace2/collector/store'
import { printableJson, type Tone } from '@trace2/optimizer/render'
import { type Command, Option } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { defined } from '../options/defined.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { formatCost, formatTime, shortVersion } from '../text/values.ts'

interface ProposalsOptions extends DatabaseOptions {
  readonly status?: ProposalStatus
  readonly parameter?: string
  readonly json?: true
}

export function addProposals(program: Command, terminal: Terminal): void {
  program
    .command('proposals')
    .summary('list proposed values')
    .description('Lists the values that optimizers have proposed, and what became of them.')
    .addOption(
      new Option('--status <status>', 'only these').choices(['open', 'accepted', 'rejected']),
    )
    .option('--parameter <name>', 'only those for this parameter')
    .option('--json', 'print a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 proposals --status open'))
    .action((options: ProposalsOptions) => listProposals(options, terminal))
}

const columns: readonly Column[] = [
  { title: 'PROPOSAL' },
  { title: 'CREATED' },
  { title: 'PARAMETER', flexible: true },
  { title: 'NEW VALUE' },
  { title: 'RUNS', align: 'right' },
  { title: 'COST', align: 'right' },
  { title: 'STATUS' },
]

const toneOf: Readonly<Record<ProposalStatus, Tone>> = {
  open: 'strong',
  accepted: 'good',
  rejected: 'faint',
}

async function listProposals(options: ProposalsOptions, terminal: Terminal): Promise<void> {
  const { status, parameter } = options
  const proposals = await withStore(options, (store) =>
    store.proposals(defined({ status, parameter })),
  )
  if (options.json) return terminal.print(printableJson(proposals, 2))
  if (proposals.length === 0) {
    return terminal.note(
      (status ?? parameter)
        ? 'No proposals match.'
        : 'No proposals yet. `trace2 optimize` makes some.',
    )
  }
  const rows = proposals.map((proposal): Cell[] => [
    proposal.id,
    formatTime(proposal.createdAt),
    proposal.parameter,
    shortVersion(proposal.version),
    String(proposal.runs.length),
    formatCost(proposal.costUsd),
    {
      text: proposal.marks?.length ? `${proposal.status}, unusual` : proposal.status,
      tone: toneOf[proposal.status],
    },
  ])
  terminal.print(table(columns, rows, terminal))
}
