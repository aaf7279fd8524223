import type { RecordedRun, ReplayPolicies } from '@trace2/instrumentation/replay'

/** What the process of a trial needs for a replay, as plain JSON. */
export interface ReplayRequest {
  readonly run: RecordedRun
  readonly policies: ReplayPolicies
}

/** A record without any call: calls without effects run, and calls with effects do not. */
export const nothingRecorded: RecordedRun = { run: '', root: null, calls: [] }
