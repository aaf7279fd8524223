export type { Preview } from './dry-run.ts'
export type { Amount } from './evidence.ts'
export { type Gathered, type GatherOptions, gathered, gatherRuns } from './gather.ts'
export type { Objective } from './objective.ts'
export {
  defaultMaxTokens,
  type OptimizeOptions,
  optimize,
  optimizeGathered,
  type Progress,
  type StepResult,
} from './optimize.ts'
export type { UnreachedParameter } from './unreached.ts'
export type { ChosenVariable } from './variables.ts'
