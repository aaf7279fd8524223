import type { Command, Option } from 'commander'
import { useDatabase } from '../options/database.ts'
import { type Configuration, configuration } from './configuration.ts'

/** A value of the configuration that stands in for an option which was not given. */
interface Default {
  /** Name of the option in the program. */
  readonly option: string
  /** Commands whose option of that name means this; all where it is missing. */
  readonly commands?: readonly string[]
  /** The variable that outranks the configuration, where the option itself does not know it. */
  readonly variable?: string
  readonly value: (config: Configuration) => unknown
}

const asking = ['optimize', 'judge', 'evaluate', 'verdict']
const trying = ['evaluate', 'verdict']

const defaults: readonly Default[] = [
  { option: 'db', value: ({ store }) => store },
  { option: 'parameters', value: ({ parameters }) => parameters },
  { option: 'dataset', commands: trying, value: ({ dataset }) => dataset },
  {
    option: 'model',
    commands: ['optimize'],
    variable: 'TRACE2_MODEL',
    value: ({ models }) => models?.model,
  },
  {
    option: 'model',
    commands: ['judge', ...trying],
    variable: 'TRACE2_MODEL',
    value: ({ models }) => models?.judgeModel ?? models?.model,
  },
  {
    option: 'cheapModel',
    commands: asking,
    variable: 'TRACE2_MODEL_CHEAP',
    value: ({ models }) => models?.cheapModel,
  },
  {
    option: 'judgeModel',
    commands: asking,
    variable: 'TRACE2_MODEL_JUDGE',
    value: ({ models }) => models?.judgeModel,
  },
  {
    option: 'timeout',
    commands: asking,
    variable: 'TRACE2_TIMEOUT',
    value: ({ models }) => models?.timeout,
  },
  {
    option: 'maxAnswerTokens',
    commands: asking,
    variable: 'TRACE2_MAX_ANSWER_TOKENS',
    value: ({ models }) => models?.maxAnswerTokens,
  },
  {
    option: 'context',
    commands: asking,
    variable: 'TRACE2_CONTEXT',
    value: ({ models }) => models?.context,
  },
  { option: 'concurrency', commands: asking, value: ({ models }) => models?.concurrency },
  { option: 'callsPerMinute', commands: asking, value: ({ models }) => models?.callsPerMinute },
  { option: 'tokensPerMinute', commands: asking, value: ({ models }) => models?.tokensPerMinute },
  { option: 'price', commands: asking, value: ({ models }) => models?.prices },
  { option: 'maxCalls', commands: asking, value: ({ budgets }) => budgets?.maxCalls },
  { option: 'maxTotalTokens', commands: asking, value: ({ budgets }) => budgets?.maxTotalTokens },
  { option: 'maxCost', commands: asking, value: ({ budgets }) => budgets?.maxCost },
  { option: 'maxTrials', commands: trying, value: ({ budgets }) => budgets?.maxTrials },
  { option: 'maxTime', commands: trying, value: ({ budgets }) => budgets?.maxTime },
]

/**
 * Has every command of a program that reads a store take from the configuration what neither its options nor the
 * environment say.
 */
export function takeDefaultsFromConfiguration(program: Command): void {
  program.hook('preAction', async (_program, command) => {
    if (!command.options.some((option) => option.attributeName() === 'db')) return
    const config = await configuration()
    if (!config) return
    applyDefaults(command, config)
  })
}

/** Gives a command the values of a configuration for options that nobody has set. */
export function applyDefaults(command: Command, config: Configuration): void {
  if (config.store !== undefined) useDatabase(config.store)
  for (const each of defaults) apply(each, command, config)
}

function apply(
  { option, commands, variable, value }: Default,
  command: Command,
  config: Configuration,
) {
  const known = command.options.find((each: Option) => each.attributeName() === option)
  if (!known || (commands && !commands.includes(command.name()))) return
  const source = command.getOptionValueSource(option)
  if (source !== undefined && source !== 'default') return
  if (variable !== undefined && process.env[variable]) return
  const standing = value(config)
  if (standing !== undefined) command.setOptionValueWithSource(option, standing, 'config')
}
