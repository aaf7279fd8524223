export type { Preview } from './dry-run.ts'
export { type GatherOptions, gatherRuns } from './gather.ts'
export {
  defaultMaxTokens,
  type OptimizeOptions,
  optimize,
  optimizePasses,
  type Progress,
  type StepResult,
} from './optimize.ts'
export type { UnreachedParameter } from './unreached.ts'
