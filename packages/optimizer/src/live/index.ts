/**
 * The loop in one process. Importing this module begins to record the process's bundles into an in-memory store, and
 * lets trainable bundles run changed source in isolation: it is meant for programs that optimize themselves, and has
 * no place in a server.
 */
import { enableIsolation } from '@trace2/instrumentation/isolation'
import { type OptoPrimeOptions, optoPrime, type Strategy } from '../optimizers/index.ts'
import { LiveOptimizer, type LiveOptions, type LiveParameters } from './optimizer.ts'
import { startRecording } from './recording.ts'

export {
  LiveOptimizer,
  type LiveOptions,
  type LiveParameters,
  type LiveStepResult,
} from './optimizer.ts'
export type { SavedOptimizer } from './saved.ts'
export type { LiveFeedback } from './targets.ts'
export type { Trial } from './trial.ts'

// Nothing is waited for here: a module that waits cannot be loaded by `require`.
// Where there are no threads for changed source, the call that needs one says so.
enableIsolation().catch(() => {})
const recording = startRecording()

/** The store of the runs of this process. Ended spans are written to it at each step, and whenever 512 of them wait. */
export const { store } = recording

/**
 * An optimizer with the strategy OptoPrime, over the runs of this process.
 *
 * @example
 * const optimizer = new OptoPrime(agent.parameters())
 * optimizer.zeroFeedback()
 * optimizer.backward(output, 'Make it more concise and professional')
 * await optimizer.step()
 */
export class OptoPrime extends LiveOptimizer {
  /**
   * @param parameters The parameters to optimize, or lists of them at any depth.
   * @param options Options of the optimizer and of the strategy.
   */
  constructor(parameters: LiveParameters, options: LiveOptions & OptoPrimeOptions = {}) {
    super(parameters, optoPrime(options), options, recording)
  }
}

/**
 * Makes an optimizer with any strategy, over the runs of this process.
 *
 * @example const optimizer = liveOptimizer(agent.parameters(), candidates(optoPrime()))
 */
export function liveOptimizer(
  parameters: LiveParameters,
  strategy: Strategy,
  options: LiveOptions = {},
): LiveOptimizer {
  return new LiveOptimizer(parameters, strategy, options, recording)
}
