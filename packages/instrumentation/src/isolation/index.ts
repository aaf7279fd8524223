import { type IsolationLimits, sandbox, startEngine } from '@trace2/sandbox'
import { useIsolation } from '../operator/isolation-registry.ts'

export { type IsolationLimits, isolate } from '@trace2/sandbox'

/**
 * Lets trainable bundles run changed source. The source runs apart from the program, in its own JavaScript engine. It
 * can use the language and what the bundle declares in `uses`, and nothing else. Each call has a limit of time, memory
 * and stack.
 *
 * Isolation is enabled when this function returns. The promise resolves when the engine is ready; without awaiting it,
 * the first call waits for the engine.
 *
 * @throws {Trace2Error} `T2_CODE_ISOLATION` if the runtime has no threads for the engine.
 * @example await enableIsolation({ timeMs: 500 })
 */
export async function enableIsolation(limits: IsolationLimits = {}): Promise<void> {
  useIsolation(sandbox(limits))
  await startEngine()
}
