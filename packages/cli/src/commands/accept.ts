import { printable, printableJson } from '@trace2/core'
import type { Deployment, Proposal, Store } from '@trace2/store'
import { type Command, Option } from 'commander'
import { configuration } from '../config/configuration.ts'
import { raise } from '../errors.ts'
import { isBinding } from '../evaluation/gate.ts'
import {
  noteOfAccepting,
  type Standing,
  standingOf,
  verdictWords,
} from '../evaluation/verdict-standing.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { findProposal } from '../options/last.ts'
import {
  type ParametersFileOptions,
  parametersFileOption,
  shownPath,
} from '../options/parameters-file.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { deploymentText, takenUp } from '../text/deployment.ts'
import { examples } from '../text/examples.ts'
import { tellFinished } from '../text/finished.ts'

interface AcceptOptions extends DatabaseOptions, ParametersFileOptions {
  readonly all?: true
  readonly note?: string
  readonly override?: string
  readonly marked?: true
  readonly allowInvisible?: true
  readonly json?: true
}

export function addAccept(program: Command, terminal: Terminal): void {
  program
    .command('accept')
    .summary('put proposed values in force')
    .description(
      'Writes proposed values to the parameters file, which running agents watch and which is made for review in git. All of the given proposals, or none. Of a parameter with variants, the one that the proposal was made for is replaced; everything else in the file stays as it was written. Asks before it takes a value that is marked as unusual: one that drops or doubles most of the text, changes its language or loses a placeholder. Stops at a value that adds what a reader does not see: invisible characters, blanks that look like spaces, letters that look like others, marks that turn text around.',
    )
    .argument('[proposals...]', 'ids, or their beginnings; `last` is the latest one')
    .addOption(
      new Option(
        '--all',
        'all open proposals of the latest step, or of the steps given instead of proposals',
      ),
    )
    .addOption(parametersFileOption())
    .option('--note <text>', 'why, for later readers')
    .option(
      '--override <reason>',
      'accept without a verdict `better`, or against one; the reason is kept',
    )
    .option('--marked', 'also values that are marked as unusual, without asking')
    .option(
      '--allow-invisible',
      'also values that add characters which a reader does not see or takes for others; the decision names them',
    )
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText('after', examples('trace2 accept p-3f2a91c0', 'trace2 accept --all'))
    .action((ids: readonly string[], options: AcceptOptions) =>
      acceptProposals(ids, options, terminal),
    )
}

async function acceptProposals(
  ids: readonly string[],
  options: AcceptOptions,
  terminal: Terminal,
): Promise<void> {
  // What is begun is finished, whoever reads of it.
  terminal.serve()
  if (ids.length === 0 && !options.all) {
    throw raise(
      'T2_USAGE',
      'Name the proposals to accept, or say --all: `trace2 proposals --status open` lists them.',
    )
  }
  const { accept, finishDecisions } = await import('@trace2/optimizer')
  const { parameters: file, note } = options
  const onFinished = tellFinished(terminal)
  const { deployments, standing } = await withStore(options, async (store) => {
    // Proposals that an interrupted command was accepting are open no more, or open again.
    const finished = options.all ? await finishDecisions(store, { onFinished }) : undefined
    const done = (finished?.ended ?? []).flatMap(({ decision, deployments }) =>
      decision.action === 'accept' ? deployments : [],
    )
    const chosen = options.all ? await openProposals(store, ids) : await idsOf(store, ids)
    if (chosen.length === 0) {
      if (done.length === 0) throw await noneOpen(store)
      return { deployments: done, standing: await standingOf(store, []) }
    }
    const standing = await standingOf(store, chosen)
    const reason = await noteOfAccepting(
      standing,
      options,
      isBinding(await configuration()),
      terminal,
    )
    const marked = options.marked ?? (await confirmMarked(store, chosen, terminal))
    const notes = [note, reason].filter((one) => one !== undefined).join(' ')
    const deployments = await accept(store, chosen, {
      file,
      marked,
      allowInvisible: options.allowInvisible === true,
      onFinished,
      ...(notes === '' ? {} : { note: notes }),
    })
    return { deployments: [...done, ...deployments], standing }
  })
  report(deployments, standing, options, terminal)
}

/** Whole ids of what is named. */
async function idsOf(store: Store, references: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(references.map((one) => findProposal(store, one)))
  return found.map(({ id }) => id)
}

/** Whether someone has looked at what is marked, and wants it. */
async function confirmMarked(
  store: Store,
  ids: readonly string[],
  terminal: Terminal,
): Promise<boolean> {
  const { marksToConfirm } = await import('@trace2/optimizer')
  for (const id of ids) {
    const proposal = await store.proposal(id)
    const marks = marksToConfirm(proposal)
    if (marks.length === 0) continue
    const details = marks.map(({ detail }) => detail).join(' ')
    const about = `${proposal.id} ${proposal.parameter}: ${details}`
    if (!(await terminal.confirm(`${printable(about)} Accept it?`))) return false
  }
  return true
}

/** Open proposals of the given steps, or of the step that made the latest open one. */
async function openProposals(store: Store, steps: readonly string[]): Promise<readonly string[]> {
  const open = await store.proposals({ status: 'open' })
  const latest = open.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0]
  const wanted = steps.length > 0 ? steps : latest ? [latest.step] : []
  return open.filter(({ step }) => wanted.includes(step)).map(({ id }) => id)
}

async function noneOpen(store: Store): Promise<Error> {
  const { rolledBack } = await import('@trace2/optimizer')
  const back = await rolledBack(store)
  return raise(
    'T2_NO_OPEN_PROPOSAL',
    `There is no open proposal to accept.${rolledBackText(await store.proposals(), back)}`,
  )
}

/** How many proposals that were rolled back an error names. */
const mostNamed = 3

/** Which closed proposals can be accepted nevertheless, the latest first. */
function rolledBackText(proposals: readonly Proposal[], back: ReadonlySet<string>): string {
  const ids = proposals.filter(({ id }) => back.has(id)).map(({ id }) => id)
  if (ids.length === 0) return ''
  const named = `${ids.slice(0, mostNamed).join(', ')}${ids.length > mostNamed ? ' and others' : ''}`
  return ` Rolled back: ${named}; \`trace2 accept ${ids[0]}\` puts it in force again.`
}

function report(
  deployments: readonly Deployment[],
  { verdicts }: Standing,
  options: AcceptOptions,
  terminal: Terminal,
): void {
  const { json, parameters: file } = options
  if (json) {
    terminal.print(printableJson(deployments, 2))
    return
  }
  for (const deployment of deployments) {
    terminal.print(deploymentText(deployment, terminal.paint))
    const verdict = verdicts.get(deployment.proposal ?? '')
    if (verdict) terminal.print(`Verdict: ${verdictWords(verdict)}`)
  }
  terminal.print(`Wrote ${printable(shownPath(file))}.`)
  terminal.print(takenUp(terminal))
  terminal.next(
    deployments.map(({ parameter }) => suggested(`trace2 rollback ${parameter}`, options)),
  )
}
