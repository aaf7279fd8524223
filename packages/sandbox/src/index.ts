import { type CodeContract, emptyContract } from '@trace2/source'
import { isolatedFunction } from './function.ts'
import { ThreadPool } from './host/pool.ts'
import type { OpenSandbox } from './host/sandbox.ts'
import { type IsolationLimits, withDefaults } from './limits.ts'

export type { IsolationLimits } from './limits.ts'

/** Makes functions of source text; each runs what its contract gives it, and nothing else. */
export interface Sandbox {
  /**
   * @throws {Trace2Error} `T2_CODE_SOURCE` for text that is not the source of one function. The function throws what
   * the source throws, and `T2_CODE_LIMIT` past a limit.
   */
  compile(source: string, contract: CodeContract): (...args: readonly unknown[]) => unknown
}

/**
 * A sandbox whose JavaScript engine (QuickJS, compiled to WebAssembly) has the language and what a contract gives it: no
 * files, network, environment or process; with limits on time, memory and stack for each call. It can be used at once;
 * {@link startEngine} is what its first call would otherwise wait for.
 */
export function sandbox(limits: IsolationLimits = {}): Sandbox {
  return {
    compile: (source, contract) =>
      isolatedFunction(openSandbox, source, contract, withDefaults(limits)),
  }
}

/**
 * A function from source text that runs apart from the program, within limits of its own, whether isolation is
 * enabled for bundles or not. It throws what the source throws, `T2_CODE_LIMIT` past a limit, and
 * `T2_CODE_SOURCE` for text that is not the source of one function.
 *
 * @example const shout = await isolate('(text) => text.toUpperCase()', { timeMs: 100 })
 */
export async function isolate(
  source: string,
  limits: IsolationLimits = {},
): Promise<(...args: readonly unknown[]) => unknown> {
  await startEngine()
  return sandbox(limits).compile(source, emptyContract)
}

/** One pool of threads serves all: each call has a world of its own in it. */
const pool = new ThreadPool()
const openSandbox: OpenSandbox = (program, limits, service) => pool.open(program, limits, service)
let started: Promise<void> | undefined

/**
 * Resolves when the engine is ready.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` where the runtime has no threads to run it in.
 */
export function startEngine(): Promise<void> {
  started ??= pool.start().catch((error: unknown) => {
    // It may start another time.
    started = undefined
    throw error
  })
  return started
}
