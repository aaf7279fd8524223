import type { TrialOutcome } from '@trace2/collector/store'
import type { Json } from '@trace2/instrumentation/semconv'

/** What a replay came to. */
export interface Replayed {
  readonly outcome: TrialOutcome
  readonly reason: string | null
  readonly output: unknown
  /** What it did: calls that ran, calls that were answered. */
  readonly report: Json
}

/**
 * Runs a trial as a replay. Nothing is run where the replay cannot be: what has effects would have them.
 *
 * @param replay what {@link TrialTask.replay} holds.
 */
export async function replayed(_replay: Json, _call: () => Promise<unknown>): Promise<Replayed> {
  return {
    outcome: 'not replayable',
    reason: 'The recorded run cannot be replayed by this version.',
    output: null,
    report: null,
  }
}
