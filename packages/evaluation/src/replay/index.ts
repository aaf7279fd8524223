export { replayCounts, replayOutcome } from './counts.ts'
export { type ModelUse, type RecordedRunOptions, recordedRun } from './recorded-run.ts'
export { type Replayability, type ReplayObstacle, replayability } from './replayability.ts'
export { type Reproduction, reproduction } from './reproducible.ts'
