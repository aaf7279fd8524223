import { shared } from '@trace2/core'
import type { CodeContract } from '@trace2/source'
import { raise } from '../errors.ts'
import type { AnyFunction } from './operator.ts'

/** Runs source text that is not the program's own, without access to anything that was not given to it. */
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

/** @throws {Trace2Error} `T2_CODE_ISOLATION` where nothing can run it safely. */
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
