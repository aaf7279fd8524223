import { raise } from '../errors.ts'
import { shared } from '../shared.ts'
import type { AnyFunction } from './operator.ts'

/** Runs source text that is not the program's own, without access to anything outside it. */
export interface Isolation {
  /** Says what is wrong with the source as a replacement for a function with this signature. */
  findFault(source: string, argumentNames: readonly string[]): string | undefined
  /** A function that runs the source. It throws what the code throws, and `T2_CODE_LIMIT` past a limit. */
  compile(source: string, name: string): AnyFunction
}

const registered = shared('isolation', (): { isolation: Isolation | undefined } => ({
  isolation: undefined,
}))

export function useIsolation(implementation: Isolation): void {
  registered.isolation = implementation
}

export function registeredIsolation(): Isolation | undefined {
  return registered.isolation
}

/** @throws {Trace2Error} `T2_CODE_ISOLATION` where nothing can run it safely. */
export function isolated(source: string, name: string): AnyFunction {
  const { isolation } = registered
  if (!isolation) {
    throw raise(
      'T2_CODE_ISOLATION',
      `The code of ${name} was changed, and nothing is set up to run changed code apart from the program.`,
    )
  }
  return isolation.compile(source, name)
}
