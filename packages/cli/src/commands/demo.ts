import { defined, printableJson } from '@trace2/core'
import type { Command } from 'commander'
import { addModelOptions, type ModelOptions, modelSettings } from '../options/model.ts'
import { wholeNumber } from '../options/numbers.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { examples } from '../text/examples.ts'

interface DemoCommandOptions extends ModelOptions {
  readonly directory?: string
  readonly rounds?: number
  readonly tickets?: number
  readonly seed?: number
  readonly concurrency?: number
  readonly json?: true
}

export function addDemo(program: Command, terminal: Terminal): void {
  const command = program
    .command('demo')
    .summary('the whole loop on a real agent, explained as it goes')
    .description(
      'Runs a support agent, collects its runs, carries feedback back to its prompts, accepts what the optimizer proposes and runs the agent again. Uses the model of OPENAI_API_KEY and OPENAI_BASE_URL where they are set, a bundled simulated one otherwise.',
    )
    .option('--directory <path>', 'where to make a directory for the data (default: trace2-demo)')
    .option('--rounds <n>', 'rounds of feedback and proposals (default: 2)', wholeNumber(1))
    .option(
      '--tickets <n>',
      'training tickets, and held-out tickets, at most so many of each; fewer for a slow model (default: all)',
      wholeNumber(1),
    )
    .option('--seed <n>', 'seed of the simulated model (default: 1)', wholeNumber(0))
    .option(
      '--concurrency <n>',
      'so many runs of the agent at the same time (default: 8)',
      wholeNumber(1),
    )
  addModelOptions(command)
    .option('--json', 'print only the result, as JSON')
    .addHelpText(
      'after',
      examples('trace2 demo', 'trace2 demo --rounds 1 --tickets 6 --timeout 900'),
    )
    .action((options: DemoCommandOptions) => demo(options, terminal))
}

async function demo(options: DemoCommandOptions, terminal: Terminal): Promise<void> {
  const { directory, rounds, tickets, seed, concurrency, json } = options
  const { runDemo } = await import('../demo/index.ts')
  const result = await runDemo({
    ...defined({ directory, rounds, tickets, seed, concurrency }),
    ...modelSettings(options),
    progress: terminal.progress,
    command: terminal.command,
    print: json ? () => {} : terminal.print,
    paint: terminal.paint,
    columns: terminal.columns,
  })
  if (json) terminal.print(printableJson(result, 2))
}
