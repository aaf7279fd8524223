import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { diag } from '@opentelemetry/api'

/**
 * Answering senders comes first: where a thread can have a priority of its own, that of the one that calls becomes
 * lower. It gets what the processors have left, and in a burst the journal takes up the difference.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    const [, thread] = /\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    if (thread) setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch (error) {
    diag.debug(`A thread of the store keeps its priority: ${String(error)}`)
  }
}
