import { emptyContract } from '../operator/contract.ts'
import { useIsolation } from '../operator/isolation.ts'
import { isolatedFunction } from './function.ts'
import { ThreadPool } from './host/pool.ts'
import type { OpenSandbox } from './host/sandbox.ts'
import { type IsolationLimits, withDefaults } from './limits.ts'

export type { IsolationLimits } from './limits.ts'

/**
 * Lets trainable bundles run changed source. It runs in a JavaScript engine of its own (QuickJS, compiled to
 * WebAssembly) that has the language, what the bundle declares in `uses`, and nothing else: no files, network,
 * environment or process; with limits on time, memory and stack for each call. It is enabled at once; what is awaited is
 * that the engine is ready, which the first call would otherwise wait for.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` where the runtime has no threads to run it in.
 * @example await enableIsolation({ timeMs: 500 })
 */
export async function enableIsolation(limits: IsolationLimits = {}): Promise<void> {
  useIsolation({
    compile: (source, contract) =>
      isolatedFunction(openSandbox, source, contract, withDefaults(limits)),
  })
  await startPool()
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
  await startPool()
  return isolatedFunction(openSandbox, source, emptyContract, withDefaults(limits))
}

/** One pool of threads serves all: each call has a world of its own in it. */
const pool = new ThreadPool()
const openSandbox: OpenSandbox = (program, limits, service) => pool.open(program, limits, service)
let started: Promise<void> | undefined

function startPool(): Promise<void> {
  started ??= pool.start().catch((error: unknown) => {
    // It may start another time.
    started = undefined
    throw error
  })
  return started
}
