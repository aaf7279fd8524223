// A command line shows these definitions before anything is asked, so this file and what it imports are small: the
// functions of the strategies are imported for their types, and given to `make`.
import { SECTIONS, type Section } from '../sections.ts'
import { defaultCount, defaultRuns } from './defaults.ts'
import type * as functions from './functions.ts'
import type { Strategy } from './strategy.ts'

/** The options of all named strategies together. Each strategy uses the options that it knows. */
export type NamedStrategyOptions = Pick<functions.OptoPrimeOptions, 'masked'> &
  Pick<functions.CandidatesOptions, 'count' | 'variation'> &
  Pick<functions.MergeOptions, 'runsPerPart'> &
  Pick<functions.TextGradOptions, 'runs'>

/** What is common to the options of every kind. */
interface OptionBase {
  /** Name of the flag, without the dashes. */
  readonly flag: string
  readonly help: string
  /** What holds if the option is not given: a number, or words. */
  readonly default?: number | string
  /** Of the options with the same `oneOf`, only one can be given. The text tells a user so. */
  readonly oneOf?: string
}

/** An option of a strategy on a command line. `options` says what the given value means to the strategy. */
export type StrategyOption = OptionBase &
  (
    | { readonly kind: 'switch'; readonly options: () => NamedStrategyOptions }
    | {
        /** A whole number of at least 1. */
        readonly kind: 'number'
        readonly argument: string
        readonly options: (value: number) => NamedStrategyOptions
      }
    | {
        /** A text. The option may be repeated. */
        readonly kind: 'texts'
        readonly argument: string
        readonly options: (values: readonly string[]) => NamedStrategyOptions
      }
    | {
        /** Some of these sections of a prompt. */
        readonly kind: 'sections'
        readonly argument: string
        readonly sections: readonly Section[]
        readonly options: (values: readonly Section[]) => NamedStrategyOptions
      }
  )

/** A strategy as a name offers it, for example on a command line. */
export interface StrategyDefinition {
  /** What it asks, in a few words, as `docs/optimizers.md` says it. */
  readonly summary: string
  /** Strategies may share an option. Where two given options set the same, the first one of this list holds. */
  readonly options: readonly StrategyOption[]
  /** Makes the strategy out of the functions of this package. */
  readonly make: (from: typeof functions, options: NamedStrategyOptions) => Strategy
}

/** Strategies by name. The order is the order in which users are told of them. */
export type StrategyDefinitions = Readonly<Record<string, StrategyDefinition>>

const mask: StrategyOption = {
  kind: 'sections',
  flag: 'mask',
  argument: 'sections',
  help: 'leave these out of the prompt',
  // Without the others, a prompt does not ask for anything.
  sections: SECTIONS.filter((section) => section !== 'Instruction' && section !== 'Variables'),
  options: (masked) => ({ masked }),
}

const oneVariation = 'Candidates differ by --refine, --expert or --candidate-model: choose one.'

/** The strategies of this package, with their options for the command line. */
export const strategyDefinitions = named({
  optoprime: {
    summary: 'once, with the graph as a pseudo-program and all feedback',
    options: [mask],
    make: ({ optoPrime }, options) => optoPrime(options),
  },
  'optoprime-elements': {
    summary: 'for fenced elements in place of JSON, for models that are weak at escaping',
    options: [mask],
    make: ({ optoPrime }, options) => optoPrime({ ...options, answer: 'elements' }),
  },
  opro: {
    summary: 'once, with earlier values and their scores, without the graph',
    options: [],
    make: ({ opro }) => opro(),
  },
  textgrad: {
    summary: 'for each edge what the criticism means for the input, then once per variable',
    options: [
      {
        kind: 'number',
        flag: 'gradient-runs',
        argument: 'n',
        help: 'runs it works through',
        default: defaultRuns,
        options: (runs) => ({ runs }),
      },
    ],
    make: ({ textGrad }, options) => textGrad(options),
  },
  candidates: {
    summary: 'another strategy several times, and keeps the best',
    options: [
      {
        kind: 'number',
        flag: 'candidates',
        argument: 'n',
        help: 'so many',
        default: defaultCount,
        options: (count) => ({ count }),
      },
      {
        kind: 'switch',
        flag: 'refine',
        help: 'each improves on the one before',
        oneOf: oneVariation,
        options: () => ({ variation: { kind: 'refine' } }),
      },
      // Each expert or model that was named gets a turn.
      {
        kind: 'texts',
        flag: 'expert',
        argument: 'role',
        help: 'one in this role',
        oneOf: oneVariation,
        options: (experts) => ({ count: experts.length, variation: { kind: 'experts', experts } }),
      },
      {
        kind: 'texts',
        flag: 'candidate-model',
        argument: 'name',
        help: 'one by this model',
        oneOf: oneVariation,
        options: (models) => ({ count: models.length, variation: { kind: 'models', models } }),
      },
      mask,
    ],
    make: ({ candidates, optoPrime }, options) => candidates(optoPrime(options), options),
  },
  merge: {
    summary: 'another strategy about parts of the batch, then merges',
    options: [
      {
        kind: 'number',
        flag: 'runs-per-part',
        argument: 'n',
        help: 'runs in one prompt',
        default: 'as many as it holds',
        options: (runsPerPart) => ({ runsPerPart }),
      },
      mask,
    ],
    make: ({ merge, optoPrime }, options) => merge(optoPrime(options), options),
  },
})

/** The same definitions, of a type that keeps their names. */
function named<Name extends string>(
  definitions: Readonly<Record<Name, StrategyDefinition>>,
): Readonly<Record<Name, StrategyDefinition>> {
  return definitions
}
