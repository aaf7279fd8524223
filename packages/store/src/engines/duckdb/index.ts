import type { EngineProvider, PreparerOptions } from '../engine.ts'
import { checkDatabase } from './admin/check.ts'
import { readExport } from './admin/export/read-export.ts'
import { lockDatabase } from './admin/lock.ts'
import { openOrQuarantine } from './admin/quarantine.ts'
import { restoreDatabase } from './admin/restore.ts'
import { salvageDatabase } from './admin/salvage.ts'
import { openDatabase } from './duckdb-store.ts'
import { failureOf } from './failure.ts'
import { SpanPreparer, type StoredSpans } from './ingest/span-preparer.ts'

/** Keeps runs in one DuckDB file, or in memory. */
export const duckdb: EngineProvider = {
  name: 'duckdb',
  open: async (location, options) => (await openDatabase(location, options)).engine,
  lock: lockDatabase,
  recover: async (location, known) => (await openOrQuarantine(location, known)).engine,
  preparer(storedSoFar: StoredSpans, options?: PreparerOptions) {
    return new SpanPreparer(storedSoFar, options)
  },
  failure: failureOf,
  check: checkDatabase,
  salvage: salvageDatabase,
  readExport,
  restore: restoreDatabase,
}
