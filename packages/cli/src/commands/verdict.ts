import { defined, printable, printableJson } from '@trace2/core'
import type { VerdictPlan, VerdictResult } from '@trace2/evaluation'
import { wrapped } from '@trace2/render'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { namedCandidates } from '../evaluation/candidates.ts'
import {
  addExperimentOptions,
  budgetOf,
  type ExperimentOptions,
  prepared,
} from '../evaluation/options.ts'
import { carriedOptions } from '../options/carried.ts'
import { suggested, withStore } from '../options/database.ts'
import { wholeNumber } from '../options/numbers.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { candidateLines, verdictLines } from '../text/experiment.ts'
import { counted } from '../text/values.ts'
import { progressText, tellByHand } from './evaluate.ts'

interface VerdictCommandOptions extends ExperimentOptions {
  /** What the next command has to be told as well. */
  readonly carried?: string
  readonly perLook?: number
  readonly toTheEnd?: true
  readonly cases?: number
  readonly openHoldout?: true
  readonly check?: true
}

const usualCases = 3

export function addVerdict(program: Command, terminal: Terminal): void {
  const command = program
    .command('verdict')
    .summary('decide on the holdout whether a proposal is better')
    .description(
      'Opens the holdout a few cases at a time until it is decided whether a proposal is better than what is in force, or until going on is hopeless. The verdict holds at every look, and the error of all decisions on a dataset stays within one budget: what was looked at is written down first. Asked again, it goes on from there.',
    )
    .argument(
      '[candidates...]',
      'ids of proposals (`last` is the latest), or NAME=VALUE, decided on together (default: the open proposals of the latest step)',
    )
    .optionsGroup('What to decide on:')
    .option('--per-look <n>', 'groups of cases that one look opens (default: 10)', wholeNumber(1))
    .option('--open-holdout', 'open the holdout though it is too small to show anything')
    .option('--to-the-end', 'go on where going on is called hopeless')
  addExperimentOptions(command)
    .option(
      '--cases <n>',
      `show so many cases that changed (default: ${usualCases})`,
      wholeNumber(0),
    )
    .option('--check', 'exit with 1 unless the verdict is `better`, for scripts')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('trace2 verdict', 'trace2 verdict p-3f2a91c0 --max-cost 1'))
    .action((targets: readonly string[], options: VerdictCommandOptions, called: Command) =>
      runVerdict(targets, { ...options, carried: carriedOptions(called) }, terminal),
    )
}

async function runVerdict(
  targets: readonly string[],
  options: VerdictCommandOptions,
  terminal: Terminal,
): Promise<void> {
  await withStore(options, async (store) => {
    const { verdictOn } = await import('@trace2/evaluation')
    const { base, candidates, proposals, doubts } = await namedCandidates(
      store,
      targets,
      options.parameters,
      true,
    )
    const [candidate] = candidates
    if (!candidate) throw raise('T2_USAGE', 'Name what to decide on.')
    for (const doubt of doubts) terminal.note(printable(doubt))
    const { agent, dataset, scorer, gate, parallel, learnedFrom, whileRunning } = await prepared(
      store,
      options,
      proposals,
      terminal,
    )
    const progress = terminal.progress('Running trials')
    const signal = terminal.interruption('Stopping; trials that are under way end first.')
    try {
      const result = await verdictOn({
        store,
        dataset,
        base,
        candidate,
        agent,
        scorer: await scorer(),
        gate,
        learnedFrom,
        parallel,
        budget: budgetOf(options),
        signal,
        ...whileRunning,
        ...defined({
          repeats: options.repeats,
          seed: options.seed,
          again: options.again,
          perLook: options.perLook,
          openHoldout: options.openHoldout,
          toTheEnd: options.toTheEnd,
        }),
        onPlan: (plan) => tellPlan(plan, terminal),
        onProgress: (now) => progress.update(now.done, now.total, progressText(now)),
      })
      progress.stop()
      report(result, options, terminal)
      if (signal.aborted) {
        throw raise(
          'T2_INTERRUPTED',
          'It was stopped before it was decided; the same command goes on.',
        )
      }
      if (options.check && result.verdict.verdict !== 'better') {
        throw raise('T2_CHECK', `The verdict is: ${result.verdict.verdict}.`)
      }
    } finally {
      progress.stop()
      await agent.close()
    }
  })
}

function tellPlan(plan: VerdictPlan, terminal: Terminal): void {
  const { groups, cases, fresh, needed, worth, alpha, chosen, shown, unjudged } = plan
  const sentences = [
    `The holdout has ${counted(cases, 'case')} in ${counted(groups, 'group')}, of which ${fresh} have decided on nothing yet.`,
    needed > groups
      ? `A gain of ${Math.round(worth * 100)} points may take up to ${counted(needed, 'group')} to show with the error that this decision may make (${Number((alpha * 100).toPrecision(2))} %); larger gains and steadier scores take fewer.`
      : '',
    chosen > 0
      ? `${counted(chosen, 'group')} are what it was learned from, or were chosen by how the base did on them: they decide nothing.`
      : '',
    shown > 0
      ? `Of ${counted(shown, 'group')} an evaluation has shown the scores: they decide nothing.`
      : '',
    unjudged > 0
      ? `${counted(unjudged, 'group')} have no reference, which the guides need: they are left as they are.`
      : '',
  ]
  for (const line of wrapped(sentences.filter(Boolean).join(' '), terminal.columns)) {
    terminal.note(terminal.paintNote('faint', line))
  }
}

function report(result: VerdictResult, options: VerdictCommandOptions, terminal: Terminal): void {
  if (options.json) {
    terminal.print(printableJson(result, 2))
    return
  }
  const { freshLeft, budgetLeft, earned, looks, stopped } = result
  const grown =
    earned > 0 ? ` (a better candidate on fresh cases adds ${earned.toPrecision(2)})` : ''
  const width = Math.min(terminal.columns, 100)
  terminal.print(
    [
      ...verdictLines(result.report, result.result, terminal),
      ...(stopped === undefined ? [] : wrapped(printable(`It stopped early: ${stopped}`), width)),
      ...(looks.length > 0
        ? []
        : wrapped('Nothing was looked at, and nothing is spent; the same command goes on.', width)),
      ...wrapped(
        `Left of the holdout: ${counted(freshLeft, 'group')} that decided on nothing; of the error budget: ${budgetLeft.toPrecision(2)}${grown}.`,
        width,
      ),
      '',
      ...candidateLines(result.result, terminal, { cases: options.cases ?? usualCases }),
    ].join('\n'),
  )
  if (result.verdict.proposals.length === 0) tellByHand(options, terminal)
  const steps = nextAfterVerdict(result, options)
  terminal.next(steps.map((step) => suggested(step, options)))
}

/** The commands that make sense after a verdict. */
function nextAfterVerdict(
  { verdict, freshLeft, looks }: VerdictResult,
  { carried = '' }: Pick<VerdictCommandOptions, 'carried'>,
): readonly string[] {
  const { proposals } = verdict
  const [first] = proposals
  if (first === undefined) return []
  const ids = proposals.join(' ')
  const report = `trace2 report ${first}`
  if (verdict.verdict === 'better') return [`trace2 accept ${ids}`, report]
  if (verdict.verdict !== 'not enough evidence') return [`trace2 reject ${ids}`, report]
  const [look] = looks
  const more = freshLeft > 0 || !look ? [] : [`trace2 dataset ${look.dataset} --from-runs --add`]
  return [...more, `trace2 verdict ${ids}${carried}`, report]
}
