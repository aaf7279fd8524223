import { defined, printable, printableJson } from '@trace2/core'
import type { ExperimentResult, TrialsProgress } from '@trace2/evaluation'
import { wrapped } from '@trace2/render'
import type { Store } from '@trace2/store'
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
import { shownPath } from '../options/parameters-file.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { experimentText, previewText } from '../text/experiment.ts'
import { counted } from '../text/values.ts'

interface EvaluateCommandOptions extends ExperimentOptions {
  /** What the next command has to be told as well. */
  readonly carried?: string
  readonly split?: 'validation' | 'holdout' | 'train'
  readonly openHoldout?: true
  readonly limit?: number
  readonly together?: true
  readonly cases?: number
  readonly dryRun?: true
  readonly markdown?: true
}

const usualCases = 5

export function addEvaluate(program: Command, terminal: Terminal): void {
  const command = program
    .command('evaluate')
    .summary('try proposed values before they are in force')
    .description(
      'Runs the agent with what is in force and with each candidate on the cases of a dataset, and shows both side by side, what became worse first. Of stored runs, only what depends on the change runs again; calls with side effects never do. Without an agent, one recorded model call of each run is asked again. Every trial is stored: a command that was stopped goes on where it was.',
    )
    .argument(
      '[candidates...]',
      'ids of proposals (`last` is the latest), or NAME=VALUE, or NAME=@FILE, or @FILE: what a parameters file changes (default: the open proposals of the latest step, together)',
    )
    .optionsGroup('What to try:')
    .option('--together', 'make one candidate of all that is named')
    .option('--split <name>', 'validation, holdout or train (default: validation)')
    .option(
      '--open-holdout',
      'show the scores of the holdout, which then decides nothing any more, for any proposal',
    )
    .option('--limit <n>', 'so many cases at most, a random share of the split', wholeNumber(1))
  addExperimentOptions(command)
    .option(
      '--cases <n>',
      `show so many cases that changed (default: ${usualCases})`,
      wholeNumber(0),
    )
    .option('--dry-run', 'say which cases can be replayed and what it may cost, and run nothing')
    .option('--markdown', 'print the report of each candidate as Markdown, for a pull request')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'trace2 evaluate',
        'trace2 evaluate p-3f2a91c0 --agent ./src/agent.ts#agent',
        'trace2 evaluate triage.limit=80 --dataset cases --max-trials 100',
      ),
    )
    .action((targets: readonly string[], options: EvaluateCommandOptions, called: Command) =>
      runEvaluate(targets, { ...options, carried: carriedOptions(called) }, terminal),
    )
}

async function runEvaluate(
  targets: readonly string[],
  options: EvaluateCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const wanted = splitOf(options.split)
  await withStore(options, async (store) => {
    const { evaluate, previewExperiment } = await import('@trace2/evaluation')
    const { base, candidates, proposals, doubts } = await namedCandidates(
      store,
      targets,
      options.parameters,
      options.together ?? false,
    )
    for (const doubt of doubts) terminal.note(printable(doubt))
    const ready = await prepared(store, options, proposals, terminal)
    const { agent, dataset, scorer, gate, parallel, policies, learnedFrom, whileRunning } = ready
    const { splits } = dataset.counts
    const isSpent = options.split === undefined && splits.validation === 0 && splits.train > 0
    const split = isSpent ? 'train' : wanted
    if (isSpent) {
      const add = suggested(`trace2 dataset ${dataset.name} --from-runs --add`, options)
      const what = `The dataset has no case to select on, only such as may be learned from: what they show is no proof. Add cases of new runs with \`${printable(add)}\`.`
      terminal.note(terminal.paintNote('faint', what))
    }
    if (options.dryRun) {
      await agent.close()
      const { mode } = agent
      const preview = await previewExperiment({
        store,
        dataset,
        split,
        base,
        candidates,
        mode,
        gate,
        policies,
        ...defined({ repeats: options.repeats, limit: options.limit }),
      })
      terminal.print(options.json ? printableJson(preview, 2) : previewText(preview, terminal))
      return
    }
    const progress = terminal.progress('Running trials')
    const signal = terminal.interruption('Stopping; trials that are under way end first.')
    try {
      const result = await evaluate({
        store,
        dataset,
        split,
        base,
        candidates,
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
          limit: options.limit,
          openHoldout: options.openHoldout,
          seed: options.seed,
          again: options.again,
        }),
        onProgress: (now) => progress.update(now.done, now.total, progressText(now)),
      })
      progress.stop()
      if (options.markdown) await printMarkdown(store, result, terminal)
      else report(result, options, terminal)
      if (signal.aborted) {
        throw raise(
          'T2_INTERRUPTED',
          'The experiment was stopped; the same command goes on with it.',
        )
      }
    } finally {
      progress.stop()
      await agent.close()
    }
  })
}

async function printMarkdown(
  store: Store,
  result: ExperimentResult,
  terminal: Terminal,
): Promise<void> {
  const { markdownReport } = await import('@trace2/evaluation/report')
  for (const candidate of result.candidates) {
    const ids = candidate.candidate.proposals
    const proposals = await Promise.all(ids.map((id) => store.proposal(id)))
    terminal.print(markdownReport({ proposals, result, candidate }))
  }
}

/** Values that were named are no proposals. */
export function tellByHand(
  { parameters }: Pick<ExperimentOptions, 'parameters'>,
  terminal: Terminal,
): void {
  const what = `Values named here are no proposals: \`trace2 report\` and \`trace2 accept\` do not know them. To put one in force, write it into the parameters file (${printable(shownPath(parameters))}): {"trace2": 1, "parameters": {"NAME": {"value": …}}}.`
  terminal.note(terminal.paintNote('faint', what))
}

function splitOf(name: string | undefined): 'validation' | 'holdout' | 'train' {
  if (name === undefined || name === 'validation') return 'validation'
  if (name === 'holdout' || name === 'train') return name
  throw raise('T2_USAGE', `There is no split ${printable(name)}: validation, holdout or train.`)
}

export function progressText({ running, spent }: TrialsProgress): string {
  const { trials, earlier, cached, costUsd, costUnknown } = spent
  const known = cached + earlier
  const cost = trials === 0 || costUnknown === trials ? '' : `, $${costUsd.toFixed(4)}`
  return `${counted(trials - earlier, 'trial')}${known > 0 ? `, ${known} known` : ''}${cost}, ${running} running`
}

function report(
  result: ExperimentResult,
  options: EvaluateCommandOptions,
  terminal: Terminal,
): void {
  if (options.json) {
    terminal.print(printableJson(result, 2))
    return
  }
  terminal.print(experimentText(result, terminal, { cases: options.cases ?? usualCases }))
  const ids = result.candidates.flatMap(({ candidate }) => candidate.proposals)
  const [first] = ids
  if (result.experiment.split !== 'holdout') {
    const note =
      result.experiment.split === 'train'
        ? 'These cases are for learning; whether a change is better is decided on the holdout.'
        : 'These cases select; whether a change is better is decided on the holdout, which nothing has chosen by.'
    for (const line of wrapped(note, terminal.columns))
      terminal.note(terminal.paintNote('faint', line))
  }
  if (first === undefined) tellByHand(options, terminal)
  terminal.next(
    (first === undefined
      ? []
      : [`trace2 verdict ${ids.join(' ')}${options.carried ?? ''}`, `trace2 report ${first}`]
    ).map((step) => suggested(step, options)),
  )
}
