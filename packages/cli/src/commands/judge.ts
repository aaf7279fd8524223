import { defined, printable, printableJson, Trace2Error } from '@trace2/core'
import type { Guide, JudgeResult } from '@trace2/evaluation/guides'
import { formatScore, wrapped } from '@trace2/render'
import type { FeedbackName } from '@trace2/store'
import type { Command } from 'commander'
import { configuration } from '../config/configuration.ts'
import { configuredGuides } from '../config/guides.ts'
import { commandErrors, raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import {
  addGuideOptions,
  type GuideOptions,
  guideDefinition,
  isDescribed,
} from '../options/guide.ts'
import { readJsonFile } from '../options/json-file.ts'
import { addModelOptions, type ModelOptions, modelSettings } from '../options/model.ts'
import { addRunOptions, type RunOptions, runQuery } from '../options/runs.ts'
import {
  addRateOptions,
  addSpendingOptions,
  pricesWith,
  type RateOptions,
  type SpendingOptions,
} from '../options/spending.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { askingText, limitsNote } from '../text/asking.ts'
import { examples } from '../text/examples.ts'
import { feedbackSummary } from '../text/feedback-summary.ts'
import { counted, formatCount, spentText } from '../text/values.ts'

interface JudgeCommandOptions
  extends DatabaseOptions,
    GuideOptions,
    RunOptions,
    ModelOptions,
    RateOptions,
    SpendingOptions {
  readonly target: string
  readonly references?: string
  readonly parts?: true
  readonly again?: true
  readonly json?: true
}

export function addJudge(program: Command, terminal: Terminal): void {
  const command = program
    .command('judge')
    .summary('let a guide give feedback on stored runs')
    .description(
      'Applies a guide, which is a feedback function, to stored runs and stores what it says as feedback: a score from 0 to 1 and words. Without one, the guides of the configuration. What it has judged before is left alone, so that it can be stopped and started again.',
    )
    .argument(
      '[guide]',
      'a JSON file with the definition of the guide, for example {"kind": "contains", "text": "refund"} (default: the guides of the configuration)',
    )
    .optionsGroup('How to judge without such a file, or beside it:')
  addGuideOptions(command)
    .optionsGroup('What to judge:')
    .option(
      '--target <operator>',
      'calls of this operator instead of the outputs of the runs',
      'run',
    )
    .option(
      '--references <file>',
      'JSON with what should have come out: [{"run" or "input": …, "reference": …}]',
    )
  addRunOptions(command, 200)
    .optionsGroup('How:')
    .option('--parts', 'store the scores of the parts of a combination as well')
    .option('--again', 'judge again what was judged before, and replace that')
  addModelOptions(command)
  addRateOptions(command).optionsGroup('What to spend at most:')
  addSpendingOptions(command)
    .optionsGroup('Options:')
    .option('--json', 'print the result as JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      examples(
        'trace2 judge --contains "order number" --since 7d',
        'trace2 judge --rubric rubric.md --max-cost 0.50',
        'trace2 judge quality.json --parts',
        'trace2 judge --exact --references expected.json --target classify',
      ),
    )
    .action((guide: string | undefined, options: JudgeCommandOptions) =>
      judgeRuns(guide, options, terminal),
    )
}

async function judgeRuns(
  guideFile: string | undefined,
  options: JudgeCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const { judge, readReferences } = await import('@trace2/evaluation/guides')
  const guides = await guidesFor(guideFile, options)
  const { references, target, parts, again, maxCalls, maxTotalTokens, maxCost, price } = options
  const { concurrency, callsPerMinute, tokensPerMinute } = options
  const prices = await pricesWith(price)
  const known =
    references === undefined ? undefined : readReferences(await readJsonFile(references))
  const { results, names } = await withStore(options, async (store) => {
    const signal = terminal.interruption('Finishing what is under way.')
    const progress = terminal.progress('Judging')
    try {
      const results: Judged[] = []
      const one = (guide: Guide) =>
        judge(store, guide, {
          ...defined({ references: known, prices, parts, again }),
          ...defined({ concurrency, callsPerMinute, tokensPerMinute }),
          ...modelSettings(options),
          target,
          runs: runQuery(options),
          budget: defined({ maxCalls, maxTokens: maxTotalTokens, maxCostUsd: maxCost }),
          signal,
          onLimits(limits) {
            const note = limitsNote(limits)
            if (note !== undefined) terminal.note(terminal.paintNote('faint', note))
          },
          onProgress({ runs, total, judged, spent, activity }) {
            const asked = askingText(activity, spent)
            progress.update(runs, total, [`${judged} judged`, asked].filter(Boolean).join(', '))
          },
        })
      for (const guide of guides) results.push({ guide: guide.name, ...(await one(guide)) })
      return { results, names: await store.feedbackNames() }
    } catch (error) {
      if (signal.aborted)
        throw raise('T2_INTERRUPTED', 'The judging was stopped.', { cause: error })
      throw error
    } finally {
      progress.stop()
    }
  })
  if (options.json) {
    const [first, ...others] = results
    terminal.print(printableJson(others.length === 0 ? first : results, 2))
  }
  for (const result of results) report(result, names, options, terminal)
  for (const result of results) {
    if (result.feedback.length === 0) failOn(result, options.target)
  }
  const next = ['trace2 runs --where "score < 0.5"', 'trace2 optimize']
  if (results.some(({ feedback }) => feedback.length > 0)) {
    terminal.next(next.map((step) => suggested(step, options)))
  }
}

/** What a guide has judged. */
interface Judged extends JudgeResult {
  readonly guide: string
}

/** The guide of a file and options; without either, those of the configuration. */
async function guidesFor(
  file: string | undefined,
  options: JudgeCommandOptions,
): Promise<readonly Guide[]> {
  const config = await configuration()
  if (file === undefined && !isDescribed(options) && config?.guides?.length) {
    return configuredGuides(config, options.model)
  }
  const { guideOf } = await import('@trace2/evaluation/guides')
  return [guideOf(await guideDefinition(file, options))]
}

const mostFailures = 10

function report(
  result: Judged,
  names: readonly FeedbackName[],
  options: JudgeCommandOptions,
  terminal: Terminal,
): void {
  const { feedback, failures } = result
  if (!options.json) {
    terminal.print(
      wrapped(printable(resultText(result.guide, result)), terminal.columns).join('\n'),
    )
    if (feedback.length > 0) terminal.print(feedbackSummary(feedback, names, terminal))
  }
  for (const { run, code, message } of failures.slice(0, mostFailures)) {
    terminal.note(
      terminal.paintNote('error', printable(`run ${run.slice(0, 8)}: ${code}: ${message}`)),
    )
  }
  if (failures.length > mostFailures)
    terminal.note(`… and ${formatCount(failures.length - mostFailures)} more`)
}

/** A guide that could not say anything about any run has failed. */
function failOn({ failures: [first], runs, before }: JudgeResult, target: string): void {
  if (first) {
    const { code, message, remedy } = first
    const said = `The guide could not judge any of the runs: ${message}`
    const { status } = commandErrors.T2_NOTHING_JUDGED
    // A model that does not answer is no fault of the guide.
    throw new Trace2Error('T2_NOTHING_JUDGED', { status, remedy }, `${said} (${code})`)
  }
  if (before === 0) {
    throw raise('T2_NOTHING_JUDGED', `No call of ${target} is in ${counted(runs, 'run')}.`)
  }
}

function resultText(
  name: string,
  { runs, feedback, before, failures, spent }: JudgeResult,
): string {
  const scores = feedback.flatMap(({ name: given, score }) =>
    given === name && score !== null ? [score] : [],
  )
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return [
    `${name}: ${counted(scores.length, 'judgement')} on ${counted(runs, 'run')}`,
    ...(scores.length > 0 ? [`mean ${formatScore(mean)}`] : []),
    ...(before > 0 ? [`${formatCount(before)} judged before`] : []),
    ...(failures.length > 0 ? [`${formatCount(failures.length)} failed`] : []),
    spentText(spent),
  ].join(', ')
}
