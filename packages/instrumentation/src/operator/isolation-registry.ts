import { shared } from '@trace2/core'
import type { CodeContract } from '@trace2/source'
import { raise } from '../errors.ts'
import type { AnyFunction } from './operator.ts'

/** Runs source text that is not the program's own. The source has access only to what it is given. */
export interface Isolation {
  /** A function that runs the source. It throws what the code throws, and `T2_CODE_LIMIT` past a limit. */
  compile(source: string, contract: CodeContract): AnyFunction
}

const registered = shared('isolation', (): { isolation: Isolation | undefined } => ({
  isolation: undefined,
}))

export function useIsolation(implementation: Isolation): void {
  registered.isolation = implementation
}

/**
 * Makes a function from changed source with the registered isolation.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` if no isolation is registered.
 */
export function isolated(source: string, name: string, contract: CodeContract): AnyFunction {
  const { isolation } = registered
  if (!isolation) {
    throw raise(
      'T2_CODE_ISOLATION',
      `The code of ${name} was changed, and nothing is set up to run changed code apart from the program.`,
    )
  }
  return isolation.compile(source, contract)
}
