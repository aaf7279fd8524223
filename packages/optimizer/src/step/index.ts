export type { Preview } from './dry-run.ts'
export { type Gathered, type GatherOptions, gathered, gatherRuns } from './gather.ts'
export {
  type Amount,
  type ChosenVariable,
  defaultMaxTokens,
  type OptimizeOptions,
  optimize,
  optimizeGathered,
  type Progress,
  type StepResult,
} from './optimize.ts'
export type { UnreachedParameter } from './unreached.ts'
