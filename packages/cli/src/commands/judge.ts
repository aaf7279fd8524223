import type { JudgeOptions, JudgeResult } from '@trace2/optimizer'
import { printable, printableJson } from '@trace2/optimizer/render'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { defined } from '../options/defined.ts'
import { type GuideOptions, guideDefinition, guideOptions, readJson } from '../options/guide.ts'
import { numberArgument, wholeNumber } from '../options/numbers.ts'
import { timeArgument } from '../options/time.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { feedbackSummary } from '../text/feedback-summary.ts'
import { counted, formatCost } from '../text/values.ts'

interface Options extends DatabaseOptions, GuideOptions {
  readonly since?: string
  readonly where?: string
  readonly limit?: number
  readonly node?: string
  readonly references?: string
  readonly parts?: true
  readonly again?: true
  readonly concurrency?: number
  readonly maxCalls?: number
  readonly maxCost?: number
  readonly json?: true
}

export function addJudge(program: Command, terminal: Terminal): void {
  const command = program
    .command('judge')
    .summary('give feedback on many runs with a feedback function')
    .description(
      'Applies a guide, which is a feedback function, to stored runs and stores what it says as feedback: a score from 0 to 1 and words. Run again, it judges only what it has not judged yet, and pays for nothing twice.',
    )
    .optionsGroup('How to judge (several are combined):')
  for (const option of guideOptions()) command.addOption(option)
  command
    .option('--references <file>', 'what should have come out, by run or by input, as JSON')
    .option('--parts', 'also store the score of each part of a combination')
    .optionsGroup('What to judge:')
    .option('--node <operator>', 'each call of this operator (default: the output of the run)')
    .option('--since <time>', 'runs that started since then: 30m, 12h, 7d or a date', timeArgument)
    .option('--where <SQL>', 'runs for which this holds, over the columns of v_run')
    .option(
      '--limit <n>',
      'at most so many runs, the latest; 0 is all (default: 200)',
      wholeNumber(0),
    )
    .option('--again', 'judge anew what this guide has judged before')
    .optionsGroup('Limits:')
    .option('--concurrency <n>', 'how many at the same time (default: 4)', wholeNumber(1))
    .option('--max-calls <n>', 'calls of models', wholeNumber(1))
    .option('--max-cost <USD>', 'money for models', numberArgument)
    .optionsGroup('Options:')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `${examples('trace2 judge --contains "order number" --since 7d', 'trace2 judge --rubric rubric.md --max-cost 0.50', 'trace2 judge --exact --references expected.json --node classify')}

Models are reached through OPENAI_API_KEY and OPENAI_BASE_URL, so any compatible endpoint serves.`,
    )
    .action((options: Options) => judgeRuns(options, terminal))
}

async function judgeRuns(options: Options, terminal: Terminal): Promise<void> {
  const definition = await guideDefinition(options)
  const { guideOf, judge, readReferences } = await import('@trace2/optimizer')
  const guide = guideOf(definition)
  const { references: file } = options
  const references = file === undefined ? undefined : readReferences(readJson(file))
  const result = await withStore(options, async (store) => {
    const signal = terminal.interruption('Stopping.')
    const progress = terminal.progress('Judging')
    try {
      return await judge(store, guide, {
        ...judgeOptions(options),
        ...defined({ references }),
        signal,
        onProgress({ runs, total, judged, spent }) {
          const cost = spent.calls === 0 ? '' : `, ${formatCost(spent.costUsd)} so far`
          progress.update(runs, total, `${counted(judged, 'verdict')}${cost}`)
        },
      })
    } catch (error) {
      if (signal.aborted) throw raise('T2_INTERRUPTED', 'It was stopped.', { cause: error })
      throw error
    } finally {
      progress.stop()
    }
  })
  const [failure] = result.failures
  if (failure && result.feedback.length === 0 && result.before === 0) {
    throw raise(
      'T2_NOTHING_JUDGED',
      `Nothing of ${counted(result.runs, 'run')} could be judged. ${failure.code}: ${failure.message}`,
    )
  }
  if (options.json) return terminal.print(printableJson(result, 2))
  terminal.print(judgeText(result, terminal))
  terminal.next([suggested('trace2 optimize', options)])
}

function judgeOptions(options: Options): JudgeOptions {
  const { since, where, limit, node, maxCalls, maxCost, concurrency, parts, again } = options
  return defined({
    runs: defined({ since, where, limit }),
    target: node,
    budget: defined({ maxCalls, maxCostUsd: maxCost }),
    concurrency,
    parts,
    again,
  })
}

/** What was said about the runs, what was left out and why, and what it cost. Printable. */
function judgeText(result: JudgeResult, terminal: Terminal): string {
  const { feedback, before, failures, runs, spent } = result
  const lines = []
  if (feedback.length > 0) lines.push(feedbackSummary(feedback, terminal))
  else if (failures.length === 0 && before === 0) {
    lines.push(`Nothing to judge in ${counted(runs, 'run')}.`)
  }
  if (before > 0) {
    lines.push(
      `${counted(before, 'verdict was', 'verdicts were')} there already; --again judges anew.`,
    )
  }
  const messages = failures.map(({ code, message }) => `${code}: ${message}`)
  for (const message of new Set(messages)) {
    const times = messages.filter((each) => each === message).length
    lines.push(terminal.paint('error', printable(`${times} not judged. ${message}`)))
  }
  if (spent.calls > 0)
    lines.push(`${counted(spent.calls, 'model call')}, ${formatCost(spent.costUsd)}`)
  return lines.join('\n')
}
