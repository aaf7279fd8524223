export { type Collector, type CollectorOptions, startCollector } from './collector.ts'
export { collectorErrors } from './errors.ts'
export { type FeedbackDialect, feedbackDialect } from './forward/feedback/dialect.ts'
export { type ForwardTarget, shownAddress } from './forward/target.ts'
export {
  type ImportProblem,
  type ImportProgress,
  type ImportResult,
  importFile,
} from './import/import-file.ts'
export {
  type CollectorConfig,
  type ConfigEnvironment,
  collectorOptions,
  mergeConfigs,
  readConfig,
} from './operations/config/config.ts'
export { configSchema } from './operations/config/schema.ts'
export { checkFiles } from './operations/doctor/check-files.ts'
export { doctor } from './operations/doctor/doctor.ts'
export type { Finding } from './operations/doctor/finding.ts'
export type { TableReading } from './operations/doctor/readable.ts'
export { salvage } from './operations/doctor/salvage.ts'
export { type LogLevel, startLog } from './operations/log/log.ts'
export { canonicalPath } from './store/open.ts'
export { findOwner, type Owner } from './store/owner.ts'
