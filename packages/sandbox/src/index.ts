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
 * Starts the JavaScript engine (QuickJS, compiled to WebAssembly) in which source text runs apart from the program. It
 * has the language and what a contract gives it: no files, network, environment or process; with limits on time,
 * memory and stack for each call.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` where the runtime has no threads to run it in.
 */
export async function openSandbox(limits: IsolationLimits = {}): Promise<Sandbox> {
  const open = await sharedEngine()
  return {
    compile: (source, contract) => isolatedFunction(open, source, contract, withDefaults(limits)),
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
  const sandbox = await openSandbox(limits)
  return sandbox.compile(source, emptyContract)
}

let shared: Promise<OpenSandbox> | undefined

/** One pool of threads serves all: each call has a world of its own in it. */
function sharedEngine(): Promise<OpenSandbox> {
  shared ??= startPool().catch((error: unknown) => {
    // It may start another time.
    shared = undefined
    throw error
  })
  return shared
}

async function startPool(): Promise<OpenSandbox> {
  const pool = new ThreadPool()
  await pool.start()
  return (program, limits, service) => pool.open(program, limits, service)
}
