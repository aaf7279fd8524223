export { keepDiskRoom } from './disk-room.ts'
export { type OpenDatabase, openDatabase } from './duckdb-store.ts'
export { callFailure, isDamage, isFatal, isOutOfMemory, openFailure } from './failure.ts'
export { openOrQuarantine } from './quarantine.ts'
export { SCHEMA_VERSION } from './schema.ts'
export {
  type Preparation,
  type Prepared,
  type Preparer,
  type Settled,
  SpanPreparer,
  type StoredSoFar,
} from './span-preparer.ts'
export type { SpanWriter } from './span-writer.ts'
export { rebuildTraceTimes } from './trace-times.ts'
