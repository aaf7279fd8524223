import { defined, printableJson } from '@trace2/core'
import type { Tone } from '@trace2/render'
import type { Proposal, ProposalStatus, StoredVerdict } from '@trace2/store'
import { type Command, Option } from 'commander'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { type Cell, type Column, table } from '../text/table.ts'
import { formatCost, formatTime, shortVersion } from '../text/values.ts'

/** What became of a proposal, as the command line tells it. */
type Fate = ProposalStatus | 'rolled-back'

interface ProposalsOptions extends DatabaseOptions {
  readonly status?: Fate
  readonly parameter?: string
  readonly json?: true
}

export function addProposals(program: Command, terminal: Terminal): void {
  program
    .command('proposals')
    .summary('list proposed values')
    .description('Lists the values that optimizers have proposed, and what became of them.')
    .addOption(
      new Option('--status <status>', 'only these').choices([
        'open',
        'accepted',
        'rejected',
        'rolled-back',
      ]),
    )
    .option('--parameter <name>', 'only those for this parameter')
    .option('--json', 'print a JSON array')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 proposals --status open'))
    .action((options: ProposalsOptions) => listProposals(options, terminal))
}

const columns: readonly Column[] = [
  { title: 'PROPOSAL' },
  { title: 'CREATED', optional: 3 },
  { title: 'PARAMETER', flexible: true },
  { title: 'NEW VALUE', optional: 4 },
  { title: 'RUNS SEEN', align: 'right', optional: 2 },
  { title: 'COST', align: 'right', optional: 5 },
  { title: 'VERDICT', optional: 1 },
  { title: 'STATUS' },
]

const toneOf: Readonly<Record<Fate, Tone>> = {
  open: 'strong',
  accepted: 'good',
  rejected: 'faint',
  'rolled-back': 'faint',
}

/** `4 of 84`; of rows that did not tell yet what was left out, only the runs. */
function seenText({ runs, leftOut }: Proposal): string {
  return leftOut && leftOut.runs > 0
    ? `${runs.length} of ${runs.length + leftOut.runs}`
    : String(runs.length)
}

async function listProposals(options: ProposalsOptions, terminal: Terminal): Promise<void> {
  const { status, parameter } = options
  const { proposalUnseen, rolledBack } = await import('@trace2/optimizer')
  const { proposals, back, verdicts } = await withStore(options, async (store) => ({
    proposals: await store.proposals(defined({ parameter })),
    back: await rolledBack(store),
    verdicts: latestVerdicts(await store.verdicts()),
  }))
  const fateOf = (proposal: Proposal): Fate =>
    back.has(proposal.id) ? 'rolled-back' : proposal.status
  const chosen = proposals.filter((one) => status === undefined || fateOf(one) === status)
  if (options.json) {
    const told = chosen.map((one) => ({
      ...one,
      rolledBack: back.has(one.id),
      verdict: verdicts.get(one.id)?.verdict ?? null,
    }))
    return terminal.print(printableJson(told, 2))
  }
  if (chosen.length === 0) {
    return terminal.note(
      (status ?? parameter)
        ? 'No proposals match.'
        : 'No proposals yet. `trace2 optimize` makes some.',
    )
  }
  const rows = chosen.map((proposal): Cell[] => [
    proposal.id,
    formatTime(proposal.createdAt),
    proposal.parameter,
    shortVersion(proposal.version),
    seenText(proposal),
    formatCost(proposal.costUsd),
    verdicts.get(proposal.id)?.verdict ?? '–',
    {
      text:
        proposal.marks?.length || proposalUnseen(proposal).length > 0
          ? `${fateOf(proposal)}, marked`
          : fateOf(proposal),
      tone: toneOf[fateOf(proposal)],
    },
  ])
  terminal.print(table(columns, rows, terminal))
}

/** The latest verdict on each proposal, by its id. */
function latestVerdicts(latestFirst: readonly StoredVerdict[]): ReadonlyMap<string, StoredVerdict> {
  const verdicts = new Map<string, StoredVerdict>()
  for (const verdict of latestFirst) {
    for (const id of verdict.proposals) if (!verdicts.has(id)) verdicts.set(id, verdict)
  }
  return verdicts
}
