import { type CodeContract, emptyContract } from '@trace2/source'
import { isolatedFunction } from './function.ts'
import { ThreadPool } from './host/pool.ts'
import type { OpenSandbox } from './host/sandbox.ts'
import { type IsolationLimits, withDefaults } from './limits.ts'

export type { IsolationLimits } from './limits.ts'

/** Makes functions from source text. A function can use what its contract gives it, and nothing else. */
export interface Sandbox {
  /**
   * @throws {Trace2Error} `T2_CODE_SOURCE` for text that is not the source of one function. The function throws what
   * the source throws, and `T2_CODE_LIMIT` past a limit.
   */
  compile(source: string, contract: CodeContract): (...args: readonly unknown[]) => unknown
}

/**
 * Makes a sandbox. Its JavaScript engine (QuickJS, compiled to WebAssembly) has the language and what a contract gives:
 * no files, network, environment or process. Each call has a limit of time, memory and stack.
 *
 * The sandbox can be used at once. Its first call waits until the engine is ready; {@link startEngine} prepares the
 * engine before.
 */
export function sandbox(limits: IsolationLimits = {}): Sandbox {
  return {
    compile: (source, contract) =>
      isolatedFunction(openSandbox, source, contract, withDefaults(limits)),
  }
}

/**
 * Makes a function from source text. The function runs apart from the program, within its own limits. It does not
 * matter whether isolation is enabled for bundles. The function throws what the source throws, and `T2_CODE_LIMIT`
 * beyond a limit.
 *
 * @throws {Trace2Error} `T2_CODE_SOURCE` if the text is not the source of one function.
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
 * Starts the engine. The promise resolves when the engine is ready.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` if the runtime has no threads for it.
 */
export function startEngine(): Promise<void> {
  started ??= pool.start().catch((error: unknown) => {
    // It may start another time.
    started = undefined
    throw error
  })
  return started
}
