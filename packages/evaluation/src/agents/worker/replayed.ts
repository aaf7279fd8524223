import type { TrialOutcome } from '@trace2/collector/store'
import { replaying } from '@trace2/instrumentation/replay'
import type { Json } from '@trace2/instrumentation/semconv'
import type { ReplayRequest } from '../../replay/request.ts'
import { thrownText } from '../log.ts'

/** What a replay came to. */
export interface Replayed {
  readonly outcome: TrialOutcome
  readonly reason: string | null
  readonly output: unknown
  /** What it did: calls that ran, calls that were answered. */
  readonly report: Json
}

/**
 * Runs a trial as a replay: what has effects never runs.
 *
 * @param replay what the task of the trial holds, made by `replayTask`.
 */
export async function replayed(replay: Json, call: () => Promise<unknown>): Promise<Replayed> {
  // Only `replayTask` makes what is sent here.
  const { run, policies } = replay as unknown as ReplayRequest
  const { result, error, report } = await replaying(run, policies, call)
  const told: Json = JSON.parse(JSON.stringify(report))
  if (report.ended) {
    const { kind, reason } = report.ended
    return { outcome: kind, reason, output: null, report: told }
  }
  if (error === undefined) return { outcome: 'done', reason: null, output: result, report: told }
  return { outcome: 'failed', reason: thrownText(error), output: null, report: told }
}
