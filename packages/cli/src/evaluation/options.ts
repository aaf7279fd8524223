import { defined } from '@trace2/core'
import type {
  AgentDefinition,
  EvaluateOptions,
  ExperimentBudget,
  GateSettings,
  Scorer,
  TrialAgent,
} from '@trace2/evaluation'
import type { PriceTable } from '@trace2/evaluation/llm'
import type { ReplayPolicies } from '@trace2/instrumentation/replay'
import { wrapped } from '@trace2/render'
import type { Dataset, Proposal, Store } from '@trace2/store'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { agentOf, type Configuration, configuration } from '../config/configuration.ts'
import { configuredGuides } from '../config/guides.ts'
import { raise } from '../errors.ts'
import { commandWords } from '../options/command-line.ts'
import { type DatabaseOptions, databaseOption } from '../options/database.ts'
import type { GuideOptions } from '../options/guide.ts'
import { addModelOptions, type ModelOptions } from '../options/model.ts'
import { numberArgument, repeated, secondsArgument, wholeNumber } from '../options/numbers.ts'
import { type ParametersFileOptions, parametersFileOption } from '../options/parameters-file.ts'
import { maxCostOption, priceOption, pricesWith } from '../options/spending.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { trialAgentFor } from './agent.ts'
import { answersFolder } from './answers.ts'
import { datasetFor } from './dataset.ts'
import { gateSettingsOf } from './gate.ts'
import { scorerFor } from './guides.ts'
import { checkPrices } from './prices.ts'

/** What commands that run experiments have in common. */
export interface ExperimentOptions
  extends DatabaseOptions,
    ParametersFileOptions,
    GuideOptions,
    ModelOptions {
  readonly dataset?: string
  readonly guide?: string
  readonly agent?: string
  readonly agentCommand?: string
  readonly agentTimeout?: number
  readonly agentMemory?: number
  readonly replay?: boolean
  readonly repeats?: number
  readonly parallel?: number
  readonly seed?: number
  readonly metric?: string
  readonly worth?: number
  readonly maxTrials?: number
  readonly maxTotalTokens?: number
  readonly maxCost?: number
  readonly maxTime?: number
  readonly price?: PriceTable
  readonly again?: true
  readonly json?: true
}

export function addExperimentOptions(command: Command): Command {
  command
    .option(
      '--dataset <name>',
      'NAME or NAME@VERSION (default: the only one, or one made of the latest runs)',
    )
    .option('--repeats <n>', 'trials of each side on each case (default: 1)', wholeNumber(1))
    .option('--seed <n>', 'decides the order of cases (default: 1)', wholeNumber(0))
    .addOption(parametersFileOption())
    .optionsGroup('How to run the agent:')
    .option(
      '--agent <module or URL>',
      './src/agent.ts#agent, or the address of one (default: trace2.config.ts)',
    )
    .option(
      '--agent-command <line>',
      'a program instead: its words, or a JSON list of them, ["python3", "my agent.py"]',
    )
    .option('--no-replay', 'run the agent wholly in each trial')
    .addOption(
      new Option(
        '--replay',
        'answer what does not depend on the change from the stored run',
      ).hideHelp(),
    )
    .option('--parallel <n>', 'trials at the same time (default: 4)', wholeNumber(1))
    .option(
      '--agent-timeout <seconds>',
      'end a trial after so long (default: 120)',
      secondsArgument,
    )
    .option('--agent-memory <MiB>', 'end a trial that takes more (default: 1024)', wholeNumber(16))
    .option('--again', 'run new trials where these were run before')
    .optionsGroup('How to score:')
    .option(
      '--guide <file>',
      'a guide as JSON (default: trace2.config.ts, else equality with the references)',
    )
    .option('--exact', 'the output must equal the reference')
    .option('--contains <text>', 'the output must contain this; may be repeated', repeated)
    .option('--regex <pattern>', 'the output must match this; may be repeated', repeated)
    .option('--schema <file>', 'the output must fit this JSON schema')
    .option('--similar', 'the output must mean what the reference means, by embeddings')
    .option('--rubric <file>', 'a model judges by this text')
    .option(
      '--model <name>',
      'the model that judges, or that is asked again where there is no agent',
    )
    .option('--metric <guide>', 'what counts: a guide, or score, the mean of all (default: score)')
    .option(
      '--worth <points>',
      'the least gain that is worth a change, in hundredths of the score (default: 5)',
      pointsArgument,
    )
  addModelOptions(command)
  return command
    .optionsGroup('What to spend at most:')
    .option('--max-trials <n>', 'trials', wholeNumber(1))
    .option('--max-total-tokens <n>', 'input and output tokens of all trials', wholeNumber(1))
    .addOption(maxCostOption())
    .addOption(priceOption())
    .option('--max-time <seconds>', 'time', secondsArgument)
    .optionsGroup('Options:')
    .addOption(databaseOption())
}

export function budgetOf(options: ExperimentOptions): ExperimentBudget {
  const { maxTrials, maxTotalTokens, maxCost, maxTime } = options
  return defined({
    trials: maxTrials,
    tokens: maxTotalTokens,
    costUsd: maxCost,
    timeMs: maxTime === undefined ? undefined : maxTime * 1000,
  })
}

/** What an experiment needs beside its candidates. */
export interface Prepared {
  readonly dataset: Dataset
  readonly agent: TrialAgent
  /** Reads the guides. Rejects where nothing says what a good output is. */
  readonly scorer: () => Promise<Scorer>
  readonly gate: GateSettings
  readonly parallel: number
  readonly policies: ReplayPolicies
  /** Runs that the proposals among the candidates rest on. */
  readonly learnedFrom: ReadonlySet<string>
  /** So that nothing is paid for twice. */
  readonly whileRunning: Pick<EvaluateOptions, 'answers' | 'onWait'>
}

const usualParallel = 4

/** Reads options and configuration, and makes the agent ready. Whoever calls it closes the agent. */
export async function prepared(
  store: Store,
  options: ExperimentOptions,
  proposals: readonly Proposal[],
  terminal: Terminal,
): Promise<Prepared> {
  const tell = (text: string) => {
    for (const line of wrapped(text, terminal.columns))
      terminal.note(terminal.paintNote('faint', line))
  }
  const learnedFrom = new Set(proposals.flatMap(({ runs }) => runs))
  const config = await configuration()
  const { limits = {}, replay: policies = {} } = config ?? {}
  const { metric, worth, replay, agentTimeout, agentMemory } = options
  const parallel = options.parallel ?? limits.parallel ?? usualParallel
  const gate: GateSettings = {
    ...gateSettingsOf(config),
    ...defined({ metric, worth: worth === undefined ? undefined : worth / 100 }),
  }
  const dataset = await datasetFor(store, options.dataset, learnedFrom, tell)
  const prices = await pricesWith(options.price)
  const scorer = async () =>
    scorerFor(store, dataset, {
      flags: options,
      file: options.guide,
      configured: config === undefined ? [] : await configuredGuides(config, options.model),
      ...options,
    })
  const definition = agentFor(options, config)
  const asked = definition === undefined ? options.model : undefined
  if (options.maxCost !== undefined) await checkPrices(store, dataset, asked, prices)
  const agent = await trialAgentFor(store, {
    ...options,
    agent: definition,
    limits: {
      ...limits,
      ...defined({
        timeoutMs: agentTimeout === undefined ? undefined : agentTimeout * 1000,
        memoryMb: agentMemory,
      }),
      parallel,
    },
    // Commander gives `true` where nobody says anything about an option that can be denied.
    replay: replay === false ? false : undefined,
    policies,
    prices,
    model: options.model,
  })
  const onWait = () =>
    tell('The same experiment is running in another process: this one waits, and then goes on.')
  const whileRunning = { answers: answersFolder(options), onWait }
  return { dataset, agent, scorer, gate, parallel, policies, learnedFrom, whileRunning }
}

/** The agent of the options, else that of the configuration. */
function agentFor(
  { agent, agentCommand }: ExperimentOptions,
  config: Configuration | undefined,
): AgentDefinition | undefined {
  if (agent !== undefined && agentCommand !== undefined) {
    throw raise('T2_USAGE', 'An agent is a module, an address or a command: say one of them.')
  }
  const directory = process.cwd()
  if (agentCommand !== undefined) {
    return agentOf({ command: commandWords(agentCommand, '--agent-command') }, directory)
  }
  return agent === undefined ? config?.agent : agentOf(agent, directory)
}

function pointsArgument(text: string): number {
  const points = numberArgument(text)
  if (points > 0 && points < 100) return points
  throw new InvalidArgumentError('It is a number of hundredths between 0 and 100.')
}
