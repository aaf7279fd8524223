import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { diag } from '@opentelemetry/api'

/** Of -20 to 19; processes have 0. At 10 the receiver's event loop was late more often. */
const NICENESS = 15

/**
 * Answering senders comes first: where a thread can have a priority of its own, that of the one that calls becomes
 * lower. It gets what the processors have left, and in a burst the journal takes up the difference.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return
  try {
    const [, thread] = /\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    if (thread) setPriority(Number(thread), NICENESS)
  } catch (error) {
    diag.debug(`A thread of the store keeps its priority: ${String(error)}`)
  }
}
