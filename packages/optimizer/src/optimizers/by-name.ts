import { raise } from '../errors.ts'
import { candidates } from './candidates.ts'
import { merge } from './merge.ts'
import { opro } from './opro.ts'
import { optoPrime } from './optoprime.ts'
import type { Strategy } from './strategy.ts'
import { textGrad } from './textgrad.ts'

/** What a strategy is called where only a name can be given, as on the command line; each with its defaults. */
const strategies = {
  optoprime: () => optoPrime(),
  'optoprime-elements': () => optoPrime({ answer: 'elements' }),
  opro: () => opro(),
  textgrad: () => textGrad(),
  candidates: () => candidates(optoPrime()),
  merge: () => merge(optoPrime()),
} satisfies { readonly [name: string]: () => Strategy }

export type StrategyName = keyof typeof strategies

export const strategyNames: readonly string[] = Object.keys(strategies)

/**
 * A strategy by its name, with its defaults.
 *
 * @throws `T2_OPTIMIZER_UNKNOWN`
 * @example optimize(store, { strategy: strategyNamed('opro') })
 */
export function strategyNamed(name: string): Strategy {
  if (!isName(name)) {
    throw raise('T2_OPTIMIZER_UNKNOWN', `There is no optimizer ${JSON.stringify(name)}.`)
  }
  return strategies[name]()
}

function isName(name: string): name is StrategyName {
  return Object.hasOwn(strategies, name)
}
