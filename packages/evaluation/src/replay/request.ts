import type { RecordedRun, ReplayPolicies } from '@trace2/instrumentation/replay'

/** What a trial's process is told of a replay; plain JSON. */
export interface ReplayRequest {
  readonly run: RecordedRun
  readonly policies: ReplayPolicies
}

/** A record of nothing: everything without effects runs, and nothing with effects does. */
export const nothingRecorded: RecordedRun = { run: '', root: null, calls: [] }
