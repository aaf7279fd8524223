import { diag } from '@opentelemetry/api'
import type { Store } from '@trace2/store'
import type { Journal } from '../../journal/journal.ts'
import type { Forwarder } from '../forwarder.ts'
import { feedbackEntry } from './entry.ts'

/**
 * A store whose feedback is sent on: what is given through it is written to the store, and then to the journal that
 * the forwarders read. Feedback that comes in spans or logs is sent on with these. The store as it is where no
 * forwarder wants feedback.
 */
export function forwardingFeedback(
  store: Store,
  journal: Journal,
  forwarders: readonly Forwarder[],
): Store {
  if (!forwarders.some(({ wantsFeedback }) => wantsFeedback)) return store
  return {
    ...store,
    async addFeedback(added) {
      const feedback = await store.addFeedback(added)
      const receivedNs = BigInt(Date.now()) * 1_000_000n
      const body = feedbackEntry(feedback)
      try {
        await journal.append({ signal: 'feedback', encoding: 'json', receivedNs, body })
        for (const forwarder of forwarders) forwarder.wake()
      } catch (error) {
        // Whoever gave it has done so: it is in the store. An answer that says otherwise would have it given twice.
        for (const forwarder of forwarders) forwarder.lostFeedback()
        diag.error(`Feedback ${feedback.id} is stored, but is not sent on: ${String(error)}`)
      }
      return feedback
    },
  }
}
