import { raise } from '../errors.ts'
import { type CandidatesOptions, candidates } from './candidates.ts'
import { type MergeOptions, merge } from './merge.ts'
import { opro } from './opro.ts'
import { type OptoPrimeOptions, optoPrime } from './optoprime.ts'
import type { Strategy } from './strategy.ts'
import { type TextGradOptions, textGrad } from './textgrad.ts'

/** The options of all named strategies together. Each strategy uses the options that it knows. */
export type NamedStrategyOptions = Pick<OptoPrimeOptions, 'masked'> &
  Pick<CandidatesOptions, 'count' | 'variation'> &
  Pick<MergeOptions, 'runsPerPart'> &
  Pick<TextGradOptions, 'runs'>

/** What a strategy is called where only a name can be given, as on the command line. */
const strategies = {
  optoprime: (options) => optoPrime(options),
  'optoprime-elements': (options) => optoPrime({ ...options, answer: 'elements' }),
  opro: () => opro(),
  textgrad: (options) => textGrad(options),
  candidates: (options) => candidates(optoPrime(options), options),
  merge: (options) => merge(optoPrime(options), options),
} satisfies { readonly [name: string]: (options: NamedStrategyOptions) => Strategy }

export type StrategyName = keyof typeof strategies

export const strategyNames: readonly string[] = Object.keys(strategies)

/**
 * Returns the strategy with this name. Options that are left out have their defaults.
 *
 * @throws `T2_OPTIMIZER_UNKNOWN` if no strategy has this name.
 * @example optimize(store, { strategy: strategyNamed('candidates', { count: 5 }) })
 */
export function strategyNamed(name: string, options: NamedStrategyOptions = {}): Strategy {
  if (!isName(name)) {
    throw raise('T2_OPTIMIZER_UNKNOWN', `There is no optimizer ${JSON.stringify(name)}.`)
  }
  return strategies[name](options)
}

function isName(name: string): name is StrategyName {
  return Object.hasOwn(strategies, name)
}
