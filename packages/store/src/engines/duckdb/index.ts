import type { EngineProvider } from '../engine.ts'
import { checkDatabase } from './check.ts'
import { openDatabase } from './duckdb-store.ts'
import { failureOf } from './failure.ts'
import { openOrQuarantine } from './quarantine.ts'
import { salvageDatabase } from './salvage.ts'
import { SpanPreparer, type StoredSpans } from './span-preparer.ts'

/** Keeps runs in one DuckDB file, or in memory. */
export const duckdb: EngineProvider = {
  name: 'duckdb',
  open: async (location, options) => (await openDatabase(location, options)).engine,
  recover: async (location, known) => (await openOrQuarantine(location, known)).engine,
  preparer(storedSoFar: StoredSpans) {
    return new SpanPreparer(storedSoFar)
  },
  failure: failureOf,
  check: checkDatabase,
  salvage: salvageDatabase,
}
