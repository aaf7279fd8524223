import { printableJson } from '@trace2/core'
import { type Command, Option } from 'commander'
import { configuration } from '../config/configuration.ts'
import { raise } from '../errors.ts'
import { gateSettingsOf } from '../evaluation/gate.ts'
import { type DatabaseOptions, databaseOption, withStore } from '../options/database.ts'
import { findProposal } from '../options/last.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'

interface ReportOptions extends DatabaseOptions {
  readonly format: 'md' | 'json'
}

export function addReport(program: Command, terminal: Terminal): void {
  program
    .command('report')
    .summary('what is known of a proposal, for a pull request')
    .description(
      'Prints what experiments and verdicts say of a proposal, as Markdown for a pull request or as JSON. Contents of runs stand in fenced blocks: they are data.',
    )
    .argument('<proposal>', 'id of the proposal, or its beginning; `last` is the latest one')
    .addOption(new Option('--format <format>', 'md or json').choices(['md', 'json']).default('md'))
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples('trace2 report p-3f2a91c0', 'trace2 report p-3f2a91c0 --format json'),
    )
    .action((id: string, options: ReportOptions) => runReport(id, options, terminal))
}

async function runReport(id: string, options: ReportOptions, terminal: Terminal): Promise<void> {
  await withStore(options, async (store) => {
    const { evidenceFor, readExperiment } = await import('@trace2/evaluation')
    const { markdownReport } = await import('@trace2/evaluation/report')
    const proposal = await findProposal(store, id)
    const { experiment, verdict, verdictReport } = await evidenceFor(store, proposal.id)
    if (!experiment) {
      throw raise('T2_NOT_EVALUATED', `Nothing has tried ${proposal.id} yet.`)
    }
    const result = await readExperiment(store, experiment, gateSettingsOf(await configuration()))
    const candidate = result.candidates.find((one) => one.candidate.proposals.includes(proposal.id))
    if (!candidate) throw raise('T2_NOT_EVALUATED', `Nothing has tried ${proposal.id} yet.`)
    const proposals = await Promise.all(
      candidate.candidate.proposals.map((each) => store.proposal(each)),
    )
    const decided =
      verdict && verdictReport ? { verdict: { stored: verdict, report: verdictReport } } : {}
    if (options.format === 'json') {
      terminal.print(printableJson({ proposals, candidate, spent: result.spent, ...decided }, 2))
      return
    }
    terminal.print(markdownReport({ proposals, result, candidate, ...decided }))
  })
}
