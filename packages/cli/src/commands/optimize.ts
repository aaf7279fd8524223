import type { EdgeKind } from '@trace2/core'
import { defined, printable, printableJson } from '@trace2/core'
import type { ChatTransport, OptimizeOptions, Spent, StepResult } from '@trace2/optimizer'
import { wrapped } from '@trace2/render'
import type { Command } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { datasetNames } from '../options/dataset-names.ts'
import { edgeKindsArgument } from '../options/edge-kinds.ts'
import { addModelOptions, type ModelOptions, modelSettings } from '../options/model.ts'
import { repeated, wholeNumber } from '../options/numbers.ts'
import { type ParametersFileOptions, parametersFileOption } from '../options/parameters-file.ts'
import { parametersOf, projectionsOption } from '../options/projections.ts'
import { addRunOptions, type RunOptions, runQuery } from '../options/runs.ts'
import {
  addRateOptions,
  addSpendingOptions,
  pricesWith,
  type RateOptions,
  type SpendingOptions,
} from '../options/spending.ts'
import { addStrategyOptions, type StrategyOptions, strategyOf } from '../options/strategy.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { askingText, limitsNote } from '../text/asking.ts'
import { noticeOf } from '../text/evidence.ts'
import { examples } from '../text/examples.ts'
import {
  keptBackLines,
  nextAfterStep,
  previewText,
  type StepContext,
  stepText,
} from '../text/step.ts'
import { counted } from '../text/values.ts'

interface StepOptions
  extends DatabaseOptions,
    ParametersFileOptions,
    RunOptions,
    StrategyOptions,
    ModelOptions,
    RateOptions,
    SpendingOptions {
  readonly parameter?: readonly string[]
  readonly base?: readonly string[]
  readonly model?: string
  readonly cheapModel?: string
  readonly judgeModel?: string
  readonly sample?: number
  readonly memory?: number
  readonly edges?: readonly EdgeKind[]
  readonly maxTokens?: number
  readonly objective?: string
  readonly purpose?: string
  readonly projections?: string
  readonly record?: string
  readonly replay?: string
  readonly again?: true
  readonly dryRun?: true
  readonly json?: true
}

export function addOptimize(program: Command, terminal: Terminal): void {
  const command = program
    .command('optimize')
    .summary('propose better parameter values from runs with feedback')
    .description(
      'Carries the feedback on stored runs back to the parameters that caused it, asks a model for better values and stores them as proposals. Changes nothing in the agent: `trace2 accept` does.',
    )
    .optionsGroup('What to improve:')
    .option('--parameter <name>', 'only this parameter; may be repeated', repeated)
    .option(
      '--base <version>',
      'where several values are in force, change this one: a version, NAME=VERSION, or NAME=2 for the second heaviest; may be repeated (default: the heaviest)',
      repeated,
    )
    .option(
      '--objective <name or text>',
      'what is to get better: a name of feedback (default: the weightiest, else the one with most pieces), or in words what to achieve',
    )
    .option('--purpose <text>', 'what the agent is for')
    .addOption(parametersFileOption())
    .addOption(projectionsOption())
    .optionsGroup('What to learn from:')
  addRunOptions(command, 200)
    .option(
      '--sample <n>',
      'of these, look at so many that cover the kinds of failure (default: 64)',
      wholeNumber(1),
    )
    .option(
      '--memory <n>',
      'show so many earlier values and what they earned (default: 8)',
      wholeNumber(0),
    )
    .option('--edges <kinds>', 'carry feedback along these kinds of edges only', edgeKindsArgument)
    .optionsGroup('How to ask:')
  addStrategyOptions(command)
    .option('--model <name>', 'the model (default: TRACE2_MODEL, else gpt-4o-mini)')
    .option(
      '--cheap-model <name>',
      'for many small questions (default: TRACE2_MODEL_CHEAP, else the model)',
    )
    .option(
      '--judge-model <name>',
      'for choosing between candidates (default: TRACE2_MODEL_JUDGE, else the model)',
    )
    .option(
      '--max-tokens <n>',
      'tokens of one prompt (default: 16000, or what the context leaves room for)',
      wholeNumber(1),
    )
    .option('--record <file>', 'keep the answers of the model in this file, prompts included')
    .option('--replay <file>', 'take the answers from this file and ask nobody')
    .option('--again', 'ask anew where these runs and values were optimized before')
    .option('--dry-run', 'print the prompt, its tokens and its price, and ask nothing')
  addModelOptions(command)
  addRateOptions(command).optionsGroup('What to spend at most:')
  addSpendingOptions(command)
    .optionsGroup('Options:')
    .option('--json', 'print JSON')
    .addOption(databaseOption())
    .addHelpText(
      'after',
      `${examples('trace2 optimize --since 7d --max-cost 0.50', 'trace2 optimize --parameter triage.system --dry-run')}

The model is reached through OPENAI_API_KEY and OPENAI_BASE_URL, so any compatible endpoint serves.`,
    )
    .action((options: StepOptions) => makeStep(options, terminal))
}

async function makeStep(options: StepOptions, terminal: Terminal): Promise<void> {
  const { result, back, told, datasets } = await withStore(options, async (store) => {
    const { optimize, rolledBack } = await import('@trace2/optimizer')
    if ((await store.datasets()).length === 0) {
      const make = suggested('trace2 dataset cases --from-runs', options)
      const what = `No dataset keeps cases back: the step learns from all runs, and a verdict needs others. To prove a change on the runs that there are, make one first: \`${make}\`.`
      terminal.note(terminal.paintNote('faint', what))
    }
    const signal = terminal.interruption('Stopping.')
    const progress = terminal.progress('Reading runs')
    const asking = terminal.progress('Asking the model')
    const say = sayer(terminal)
    let activity = { done: 0, known: 0, tokens: 0 }
    let spent: Spent | undefined
    try {
      const result = await optimize(store, {
        ...(await stepOptions(options)),
        signal,
        onProgress(event) {
          if (event.kind === 'runs') {
            progress.update(event.done, event.total, counted(event.total, 'run'))
            if (event.done === event.total) progress.stop()
          } else if (event.kind === 'kept back') {
            say.tell(keptBackLines(event))
          } else if (event.kind === 'limits') {
            progress.stop()
            const note = limitsNote(event.limits)
            if (note !== undefined) terminal.note(terminal.paintNote('faint', note))
          } else if (event.kind === 'variables' || event.kind === 'prompt') {
            if (!options.dryRun) say.tell(noticeOf(event))
          } else {
            if (event.kind === 'call') spent = event.spent
            else activity = event.activity
            asking.update(activity.done, 0, askingText(activity, spent))
          }
        },
      })
      const back = await rolledBack(store)
      return { result, back, told: say.told, datasets: await datasetNames(store) }
    } catch (error) {
      if (signal.aborted) throw raise('T2_INTERRUPTED', 'The step was stopped.', { cause: error })
      throw error
    } finally {
      progress.stop()
      asking.stop()
    }
  })
  report(result, { back, told, datasets }, options, terminal)
}

/** Tells what stands in no result yet, each thing once. */
function sayer(terminal: Terminal) {
  const told = new Set<string>()
  const tell = (lines: readonly string[]): void => {
    for (const line of lines) {
      if (told.has(line)) continue
      told.add(line)
      for (const part of wrapped(printable(line), terminal.columns)) terminal.note(part)
    }
  }
  return { told, tell }
}

async function stepOptions(options: StepOptions): Promise<OptimizeOptions> {
  const { parameter, cheapModel, judgeModel, model, sample, memory, edges } = options
  const {
    maxTokens,
    maxCalls,
    maxTotalTokens,
    maxCost,
    price,
    objective,
    purpose,
    projections,
    again,
    dryRun,
  } = options
  const { concurrency, callsPerMinute, tokensPerMinute } = options
  return defined({
    parameters: parameter,
    strategy: await strategyOf(options),
    runs: runQuery(options),
    sample,
    memory,
    edges,
    file: options.parameters,
    bases: options.base,
    model,
    models: defined({ cheap: cheapModel, judge: judgeModel }),
    maxTokens,
    maxCalls,
    maxTotalTokens,
    maxCostUsd: maxCost,
    concurrency,
    callsPerMinute,
    tokensPerMinute,
    prices: await pricesWith(price),
    transport: await transportOf(options),
    ...modelSettings(options),
    objective,
    context: purpose,
    projections: projections === undefined ? undefined : await parametersOf(projections),
    again,
    dryRun,
  })
}

async function transportOf(options: StepOptions): Promise<ChatTransport | undefined> {
  const { record, replay } = options
  if (record === undefined && replay === undefined) return undefined
  if (record !== undefined && replay !== undefined) {
    throw raise('T2_USAGE', 'Answers are either recorded or replayed.')
  }
  const { openaiClient, openaiTransport, recordAnswers, replayAnswers } = await import(
    '@trace2/optimizer'
  )
  if (replay !== undefined) return replayAnswers(replay)
  const settings = modelSettings(options)
  return recordAnswers(openaiTransport(openaiClient(settings), settings), record ?? '')
}

function report(
  result: StepResult,
  known: StepContext,
  options: StepOptions,
  terminal: Terminal,
): void {
  if (options.json) {
    terminal.print(printableJson(result, 2))
    return
  }
  if (result.preview) {
    terminal.print(previewText(result, result.preview, terminal))
  } else {
    terminal.print(stepText(result, known, terminal))
    terminal.next(nextAfterStep(result, known).map((step) => suggested(step, options)))
  }
}
