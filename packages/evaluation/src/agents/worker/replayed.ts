import { type ReplayReport, replaying } from '@trace2/instrumentation/replay'
import type { TrialOutcome } from '@trace2/store'
import type { ReplayRequest } from '../../replay/index.ts'
import { thrownText } from '../log.ts'

/** What a replay came to. */
export interface Replayed {
  readonly outcome: TrialOutcome
  readonly reason: string | null
  readonly output: unknown
  /** What it did: calls that ran, calls that were answered; `null` where it was none. */
  readonly report: ReplayReport | null
}

/** Runs a trial as a replay: what has effects never runs. */
export async function replayed(
  { run, policies }: ReplayRequest,
  call: () => Promise<unknown>,
): Promise<Replayed> {
  const { result, error, report } = await replaying(run, policies, call)
  if (report.ended) {
    const { kind, reason } = report.ended
    return { outcome: kind, reason, output: null, report }
  }
  if (error === undefined) return { outcome: 'done', reason: null, output: result, report }
  return { outcome: 'failed', reason: thrownText(error), output: null, report }
}
