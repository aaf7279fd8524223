import { duckdb } from './duckdb/index.ts'
import type { EngineProvider } from './engine.ts'

export type {
  Admin,
  BatchPreparer,
  DatabaseLock,
  Engine,
  EngineOptions,
  EngineProvider,
  EngineWatcher,
  Export,
  ExportedRecords,
  Failure,
  FailureKind,
  Graphs,
  Ingest,
  JournalProgress,
  KnownDatabase,
  Preparation,
  Prepared,
  Preparer,
  PreparerOptions,
  Query,
  SavedTable,
  Settled,
  StoredSoFar,
  TableReading,
  Turn,
  WriteFailures,
} from './engine.ts'
export { storeOf } from './store-of.ts'

/** The engine that keeps what is at a location: the one place that names engines. */
export function engineFor(_location: string): EngineProvider {
  return duckdb
}
export { adminMethods, queryMethods, recordMethods } from './methods.ts'
