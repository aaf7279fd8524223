export { type Collector, type CollectorOptions, startCollector } from './collector.ts'
export { collectorErrors } from './errors.ts'
export type { ForwardTarget } from './forward/target.ts'
export {
  type ImportProblem,
  type ImportProgress,
  type ImportResult,
  importFile,
} from './import/import-file.ts'
