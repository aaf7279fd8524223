export {
  canonicalPath,
  type ExportImport,
  type Finding,
  filesOf,
  findOwner,
  type ImportProblem,
  type ImportProgress,
  type ImportResult,
  importExport,
  importFile,
  isExport,
  type Owner,
} from '@trace2/store'
export type { TableReading } from '@trace2/store/engines'
export {
  type BackupResult,
  backUp,
  pendingRequests,
  type RestoreOptions,
  type RestoreResult,
  restore,
} from './backup/index.ts'
export { type Collector, type CollectorOptions, startCollector } from './collector.ts'
export {
  type CollectorConfig,
  type ConfigEnvironment,
  collectorOptions,
  mergeConfigs,
  readConfig,
} from './config/config.ts'
export { configSchema } from './config/schema.ts'
export { parseDuration, parseSize } from './config/units.ts'
export { checkFiles } from './doctor/check-files.ts'
export { doctor } from './doctor/doctor.ts'
export { salvage } from './doctor/salvage.ts'
export { collectorErrors } from './errors.ts'
export { type FeedbackDialect, feedbackDialect } from './forward/feedback/dialect.ts'
export { type ForwardTarget, shownAddress } from './forward/target.ts'
export { incidentsFile, type RecordedIncident } from './incidents/incidents.ts'
export { type LogLevel, startLog } from './log/log.ts'
export type { ClosedStore } from './open-with-journal.ts'
