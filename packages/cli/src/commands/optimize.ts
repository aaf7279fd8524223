import type { EdgeKind } from '@trace2/instrumentation/semconv'
import type { OptimizeOptions, StepResult } from '@trace2/optimizer'
import { printableJson } from '@trace2/optimizer/render'
import { type Command, Option } from 'commander'
import { raise } from '../errors.ts'
import { type DatabaseOptions, databaseOption, suggested, withStore } from '../options/database.ts'
import { defined } from '../options/defined.ts'
import { edgeKindsArgument } from '../options/edge-kinds.ts'
import { numberArgument, repeated, wholeNumber } from '../options/numbers.ts'
import { type ParametersFileOptions, parametersFileOption } from '../options/parameters-file.ts'
import { timeArgument } from '../options/time.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'
import { nextAfterStep, previewText, stepText } from '../text/step.ts'
import { counted, formatCost } from '../text/values.ts'

interface StepOptions extends DatabaseOptions, ParametersFileOptions {
  readonly parameter?: readonly string[]
  readonly model?: string
  readonly since?: string
  readonly where?: string
  readonly limit?: number
  readonly edges?: readonly EdgeKind[]
  readonly maxTokens?: number
  readonly maxCalls?: number
  readonly maxCost?: number
  readonly objective?: string
  readonly context?: string
  readonly dryRun?: true
  readonly json?: true
}

export function addOptimize(program: Command, terminal: Terminal): void {
  program
    .command('optimize')
    .summary('propose better parameter values from runs with feedback')
    .description(
      'Carries the feedback on stored runs back to the parameters that caused it, asks a model for better values and stores them as proposals. Changes nothing in the agent: `trace2 accept` does.',
    )
    .optionsGroup('What to improve:')
    .option('--parameter <name>', 'only this parameter; may be repeated', repeated)
    .option('--objective <text>', 'what the new values are to achieve')
    .option('--context <text>', 'what the agent is for')
    .addOption(parametersFileOption())
    .optionsGroup('What to learn from:')
    .option('--since <time>', 'runs that started since then: 30m, 12h, 7d or a date', timeArgument)
    .option('--where <SQL>', 'runs for which this holds, over the columns of v_run')
    .option('--limit <n>', 'at most so many runs, the latest (default: 200)', wholeNumber(1))
    .option('--edges <kinds>', 'carry feedback along these kinds of edges only', edgeKindsArgument)
    .optionsGroup('How to ask:')
    .addOption(
      new Option('--optimizer <name>', 'the optimizer').choices(['optoprime']).default('optoprime'),
    )
    .option('--model <name>', 'the model (default: TRACE2_MODEL, else gpt-4o-mini)')
    .option('--max-tokens <n>', 'tokens of one prompt (default: 16000)', wholeNumber(1))
    .option('--max-calls <n>', 'calls of the model', wholeNumber(1))
    .option('--max-cost <USD>', 'money for this step', numberArgument)
    .option('--dry-run', 'print the prompt, its tokens and its price, and ask nothing')
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
  const result = await withStore(options, async (store) => {
    const { optimize } = await import('@trace2/optimizer')
    const signal = terminal.interruption('Stopping.')
    const progress = terminal.progress('Reading runs')
    const asking = terminal.progress('Asking the model')
    try {
      return await optimize(store, {
        ...stepOptions(options),
        signal,
        onProgress(event) {
          if (event.kind === 'runs') {
            progress.update(event.done, event.total, counted(event.total, 'run'))
            if (event.done < event.total || options.dryRun) return
            progress.stop()
            asking.update(0, 0)
          } else {
            const { calls, costUsd } = event.spent
            asking.update(0, 0, `· ${counted(calls, 'call')}, ${formatCost(costUsd)} so far`)
          }
        },
      })
    } catch (error) {
      if (signal.aborted) throw raise('T2_INTERRUPTED', 'The step was stopped.', { cause: error })
      throw error
    } finally {
      progress.stop()
      asking.stop()
    }
  })
  report(result, options, terminal)
}

function stepOptions(options: StepOptions): OptimizeOptions {
  const { parameter, since, where, limit, maxCost } = options
  const { model, edges, maxTokens, maxCalls, objective, context } = options
  return defined({
    parameters: parameter,
    runs: defined({ since, where, limit }),
    file: options.parameters,
    maxCostUsd: maxCost,
    model,
    edges,
    maxTokens,
    maxCalls,
    objective,
    context,
    dryRun: options.dryRun,
  })
}

function report(result: StepResult, options: StepOptions, terminal: Terminal): void {
  if (options.json) {
    terminal.print(printableJson(result, 2))
    return
  }
  if (result.preview) {
    terminal.print(previewText(result.preview, terminal))
  } else {
    terminal.print(stepText(result, terminal))
    terminal.next(nextAfterStep(result).map((step) => suggested(step, options)))
  }
}
