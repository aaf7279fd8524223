import type { RecordedRun, ReplayPolicies } from '@trace2/instrumentation/replay'
import type { Json } from '@trace2/instrumentation/semconv'

/** What a trial's process is told of a replay; plain JSON. */
export interface ReplayRequest {
  readonly run: RecordedRun
  readonly policies: ReplayPolicies
}

/** A request as the task of a trial carries it. */
export function replayTask(request: ReplayRequest): Json {
  // Both parts are plain JSON by their definition.
  return { run: request.run, policies: request.policies } as unknown as Json
}

/** A record of nothing: everything without effects runs, and nothing with effects does. */
export const nothingRecorded: RecordedRun = { run: '', root: null, calls: [] }
