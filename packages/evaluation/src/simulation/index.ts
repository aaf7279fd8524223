export { type Random, seeded } from '../numeric/index.ts'
export { type Announcement, announcedAfter } from './announced.ts'
export { type Amounts, type GuardRuns, guardRuns, usageScenarios } from './guarded.ts'
export {
  casesUntilBetter,
  falseAlarmsOfPeeking,
  gateRuns,
  powerOfFixedSample,
  quantileOf,
  type Simulation,
  shareOf,
} from './operating.ts'
export { Execution, type ExecutionOptions, valueOfParameter } from './replayed/execution.ts'
export { expectedRuns, stepsIn } from './replayed/expected-runs.ts'
export { type Program, type ProgramOptions, randomProgram, type Step } from './replayed/program.ts'
export { type Pair, repeated, type Stream, type StreamName, streams } from './streams.ts'
