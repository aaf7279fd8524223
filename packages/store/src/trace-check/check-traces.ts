import type { IgnoredEvents } from '../import/ignored-events.ts'
import type { Store } from '../store.ts'
import { adviceOn } from './advice.ts'
import { filledPromptsOf } from './filled-prompts.ts'
import { latestRunsOf } from './latest-runs.ts'
import { lookalikesOf } from './lookalikes.ts'
import { modelCallsOf } from './model-calls.ts'
import { dialectsOf, sendersOf } from './senders.ts'
import type { TraceCheck } from './trace-check.ts'
import { unreadOf } from './unread.ts'

/**
 * Says of the spans in a store who sent them, what each dialect read, what the model calls have, which attributes nothing
 * reads, and what to change in the senders. Counts are of all spans; edges, names of prompts and attributes are of the latest.
 *
 * @param ignoredEvents what `importFile` told of the files from which the spans are.
 * @example for (const { found, remedy } of (await checkTraces(store)).advice) console.log(found, remedy)
 */
export async function checkTraces(
  store: Store,
  ignoredEvents: readonly IgnoredEvents[] = [],
): Promise<TraceCheck> {
  const senders = await sendersOf(store)
  const dialects = await dialectsOf(store)
  const { edges, unnamed } = await latestRunsOf(store)
  const modelCalls = await modelCallsOf(store, unnamed)
  const lookalikes = await lookalikesOf(store)
  const filledPrompts = await filledPromptsOf(store)
  const unread = await unreadOf(store)
  const spans = dialects.reduce((sum, dialect) => sum + dialect.spans, 0)
  const said = { dialects, modelCalls, lookalikes, filledPrompts, edges, ignoredEvents }
  return { spans, senders, ...said, unread, advice: adviceOn(said) }
}
