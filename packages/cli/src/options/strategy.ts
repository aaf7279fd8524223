import type { NamedStrategyOptions, Strategy } from '@trace2/optimizer'
import {
  type StrategyDefinitions,
  type StrategyOption,
  strategyDefinitions,
} from '@trace2/optimizer/strategies'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { raise } from '../errors.ts'
import { repeated, wholeNumber } from './numbers.ts'

/** What {@link addStrategyOptions} gives to a command; beside it, the options of the optimizers by their names. */
export interface StrategyOptions {
  readonly optimizer: string
}

/** How to ask: the optimizer, and the options of single ones. */
export function addStrategyOptions(
  command: Command,
  definitions: StrategyDefinitions = strategyDefinitions,
): Command {
  const names = listed(Object.keys(definitions))
  const optimizer = new Option('--optimizer <name>', `${names}; docs/optimizers.md says when`)
  command.addOption(optimizer.default('optoprime'))
  for (const option of optionsOf(definitions)) {
    command.addOption(parsed(option, helpOf(option, ownersOf(option, definitions))))
  }
  return command
}

function listed(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' or ')
}

/** Each option once: those of one optimizer in the order of its name, then those of several. */
function optionsOf(definitions: StrategyDefinitions): readonly StrategyOption[] {
  const byName = Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const options = [...new Set(byName.flatMap(([, definition]) => definition.options))]
  const isShared = (option: StrategyOption) => ownersOf(option, definitions).length > 1
  return [...options.filter((option) => !isShared(option)), ...options.filter(isShared)]
}

/** Names of the optimizers that an option means something to. */
function ownersOf(option: StrategyOption, definitions: StrategyDefinitions): readonly string[] {
  return Object.entries(definitions).flatMap(([name, { options }]) =>
    options.includes(option) ? name : [],
  )
}

function helpOf(option: StrategyOption, owners: readonly string[]): string {
  const owner = owners.length > 1 ? '' : `${owners.join()}: `
  const sections = option.kind === 'sections' ? `, separated by commas: ${sectionsOf(option)}` : ''
  const again = option.kind === 'texts' ? '; may be repeated' : ''
  const standing = option.default === undefined ? '' : ` (default: ${option.default})`
  return `${owner}${option.help}${sections}${again}${standing}`
}

function parsed(option: StrategyOption, help: string): Option {
  const flag = `--${option.flag}`
  switch (option.kind) {
    case 'switch':
      return new Option(flag, help)
    case 'number':
      return new Option(`${flag} <${option.argument}>`, help).argParser(wholeNumber(1))
    case 'texts':
      return new Option(`${flag} <${option.argument}>`, help).argParser(repeated)
    case 'sections':
      return new Option(`${flag} <${option.argument}>`, help).argParser((text) =>
        sectionsArgument(option, text),
      )
  }
}

type SectionsOption = Extract<StrategyOption, { kind: 'sections' }>

const sectionsOf = ({ sections }: SectionsOption) => sections.join(', ')

function sectionsArgument(option: SectionsOption, text: string): SectionsOption['sections'] {
  return text.split(',').map((name) => {
    const called = name.trim().toLowerCase()
    const section = option.sections.find((known) => known.toLowerCase() === called)
    if (!section) throw new InvalidArgumentError(`The sections are ${sectionsOf(option)}.`)
    return section
  })
}

/** The strategy that the options describe. An option of another optimizer is an error: nothing would come of it. */
export async function strategyOf(
  options: StrategyOptions,
  definitions: StrategyDefinitions = strategyDefinitions,
): Promise<Strategy> {
  const { strategyNamed } = await import('@trace2/optimizer')
  const { optimizer } = options
  const given = optionsOf(definitions).filter((option) => givenTo(option, options) !== undefined)
  for (const { flag, oneOf } of given) {
    const other = given.find((option) => option.oneOf === oneOf && option.flag !== flag)
    if (oneOf !== undefined && other) throw raise('T2_USAGE', oneOf)
  }
  const named: NamedStrategyOptions = {}
  // Of two options that say the same, the first one in the definitions holds.
  for (const option of given.toReversed()) {
    Object.assign(named, meaning(option, givenTo(option, options)))
  }
  const strategy = strategyNamed(optimizer, named, definitions)
  for (const option of given) {
    const owners = ownersOf(option, definitions)
    if (owners.includes(optimizer)) continue
    const where = owners.join(' or ')
    throw raise('T2_USAGE', `--${option.flag} goes with --optimizer ${where}.`)
  }
  return strategy
}

/** What was given to an option: of a flag `--runs-per-part`, what stands under `runsPerPart`. */
function givenTo({ flag }: StrategyOption, options: StrategyOptions): unknown {
  return Reflect.get(options, new Option(`--${flag}`).attributeName())
}

/** The options of a strategy that a parsed value means. */
function meaning(option: StrategyOption, value: unknown): NamedStrategyOptions {
  const values: readonly unknown[] = Array.isArray(value) ? value : []
  switch (option.kind) {
    case 'switch':
      return option.options()
    case 'number':
      return typeof value === 'number' ? option.options(value) : {}
    case 'texts':
      return option.options(values.filter((one) => typeof one === 'string'))
    case 'sections':
      return option.options(option.sections.filter((section) => values.includes(section)))
  }
}
