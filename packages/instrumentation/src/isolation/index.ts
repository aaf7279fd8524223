import { type IsolationLimits, sandbox, startEngine } from '@trace2/sandbox'
import { useIsolation } from '../operator/isolation-registry.ts'

export { type IsolationLimits, isolate } from '@trace2/sandbox'

/**
 * Lets trainable bundles run changed source: apart from the program, in a JavaScript engine of its own that has the
 * language, what the bundle declares in `uses`, and nothing else; with limits on time, memory and stack for each call.
 * It is enabled at once; what is awaited is that the engine is ready, which the first call would otherwise wait for.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` where the runtime has no threads to run it in.
 * @example await enableIsolation({ timeMs: 500 })
 */
export async function enableIsolation(limits: IsolationLimits = {}): Promise<void> {
  useIsolation(sandbox(limits))
  await startEngine()
}
