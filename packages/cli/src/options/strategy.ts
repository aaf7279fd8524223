import type { NamedStrategyOptions, Section, Strategy, Variation } from '@trace2/optimizer'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { raise } from '../errors.ts'
import { defined } from './defined.ts'
import { repeated, wholeNumber } from './numbers.ts'

/** What {@link addStrategyOptions} gives to a command. */
export interface StrategyOptions {
  readonly optimizer: string
  readonly mask?: readonly Section[]
  readonly candidates?: number
  readonly expert?: readonly string[]
  readonly candidateModel?: readonly string[]
  readonly refine?: true
  readonly gradientRuns?: number
  readonly runsPerPart?: number
}

/** Sections without which a prompt still asks for something. */
const maskable = [
  'Code',
  'Documentation',
  'Attempts',
  'Inputs',
  'Others',
  'Outputs',
  'Feedback',
] as const satisfies readonly Section[]

/** How to ask: the optimizer, and the options of single ones. */
export function addStrategyOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--optimizer <name>',
        'optoprime, optoprime-elements, opro, textgrad, candidates or merge; docs/optimizers.md says when',
      ).default('optoprime'),
    )
    .option('--candidates <n>', 'candidates: so many (default: 3)', wholeNumber(1))
    .option('--refine', 'candidates: each improves on the one before')
    .option('--expert <role>', 'candidates: one in this role; may be repeated', repeated)
    .option('--candidate-model <name>', 'candidates: one by this model; may be repeated', repeated)
    .option(
      '--runs-per-part <n>',
      'merge: runs in one prompt (default: as many as it holds)',
      wholeNumber(1),
    )
    .option('--gradient-runs <n>', 'textgrad: runs it works through (default: 4)', wholeNumber(1))
    .option(
      '--mask <sections>',
      `leave these out of the prompt, separated by commas: ${maskable.join(', ')}`,
      sectionsArgument,
    )
}

function sectionsArgument(text: string): readonly Section[] {
  return text.split(',').map((name) => {
    const section = maskable.find((known) => known.toLowerCase() === name.trim().toLowerCase())
    if (!section) throw new InvalidArgumentError(`The sections are ${maskable.join(', ')}.`)
    return section
  })
}

/** Optimizers that an option means something to. */
const meantFor = {
  candidates: ['candidates'],
  refine: ['candidates'],
  expert: ['candidates'],
  candidateModel: ['candidates'],
  runsPerPart: ['merge'],
  gradientRuns: ['textgrad'],
  mask: ['optoprime', 'optoprime-elements', 'candidates', 'merge'],
} as const satisfies { readonly [Name in keyof StrategyOptions]?: readonly string[] }

/** The strategy that the options describe. An option of another optimizer is an error: nothing would come of it. */
export async function strategyOf(options: StrategyOptions): Promise<Strategy> {
  const { strategyNamed } = await import('@trace2/optimizer')
  const { optimizer, mask, candidates, gradientRuns, runsPerPart } = options
  const named: NamedStrategyOptions = defined({
    masked: mask,
    count: candidates ?? defaultCount(options),
    variation: variationOf(options),
    runs: gradientRuns,
    runsPerPart,
  })
  const strategy = strategyNamed(optimizer, named)
  for (const [name, optimizers] of Object.entries(meantFor)) {
    const given: unknown = Reflect.get(options, name)
    if (given === undefined || optimizers.some((one) => one === optimizer)) continue
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    throw raise('T2_USAGE', `${flag} goes with --optimizer ${optimizers.join(' or ')}.`)
  }
  return strategy
}

/** Each expert or model that was named gets a turn. */
function defaultCount({ expert, candidateModel }: StrategyOptions): number | undefined {
  return (expert ?? candidateModel)?.length
}

function variationOf(options: StrategyOptions): Variation | undefined {
  const { refine, expert, candidateModel } = options
  const given: Variation[] = []
  if (refine) given.push({ kind: 'refine' })
  if (expert) given.push({ kind: 'experts', experts: expert })
  if (candidateModel) given.push({ kind: 'models', models: candidateModel })
  if (given.length > 1) {
    throw raise(
      'T2_USAGE',
      'Candidates differ by --refine, --expert or --candidate-model: choose one.',
    )
  }
  return given[0]
}
