import { raise } from '../errors.ts'
import {
  type NamedStrategyOptions,
  type StrategyDefinitions,
  strategyDefinitions,
} from './definitions.ts'
import * as functions from './functions.ts'
import type { Strategy } from './strategy.ts'

/** Name of a strategy of this package. */
export type StrategyName = keyof typeof strategyDefinitions

/** Names of the strategies of this package. */
export const strategyNames: readonly string[] = Object.keys(strategyDefinitions)

/**
 * Returns the strategy with this name. Options that are left out have their defaults.
 *
 * @param definitions the strategies to choose from. Default: those of this package.
 * @throws `T2_OPTIMIZER_UNKNOWN` if no strategy has this name.
 * @example optimize(store, { strategy: strategyNamed('candidates', { count: 5 }) })
 */
export function strategyNamed(
  name: string,
  options: NamedStrategyOptions = {},
  definitions: StrategyDefinitions = strategyDefinitions,
): Strategy {
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  if (!definition) {
    const names = Object.keys(definitions)
    const last = names.pop()
    const what = `There is no optimizer ${JSON.stringify(name)}. There are ${names.join(', ')} and ${last}.`
    throw raise('T2_OPTIMIZER_UNKNOWN', what)
  }
  return definition.make(functions, options)
}
