import { setPriority } from 'node:os'
import { diag } from '@opentelemetry/api'
import { threadNumber } from './reading-mark.ts'

/** Of -20 to 19; processes have 0. At 10 the receiver's event loop was late more often. */
const NICENESS = 15

/**
 * Answering senders comes first: where a thread can have a priority of its own, that of the one that calls becomes
 * lower. It gets what the processors have left, and in a burst the journal takes up the difference.
 */
export function lowerThreadPriority(): void {
  try {
    const thread = threadNumber()
    if (thread !== undefined) setPriority(thread, NICENESS)
  } catch (error) {
    diag.debug(`A thread of the store keeps its priority: ${String(error)}`)
  }
}
