import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/instrumentation/semconv'
import { type OpenDatabase, openDatabase } from './duckdb-store.ts'

/**
 * Opens a database whose writes can be replayed from a journal. A damaged write-ahead log makes DuckDB refuse the
 * whole database; here it is set aside, and the database opens as of its last checkpoint. Spans come again from
 * the journal, which keeps them until they are checkpointed; what was not spans is in the file set aside.
 */
export async function openOrQuarantine(path: string): Promise<OpenDatabase> {
  try {
    return await openDatabase(path)
  } catch (error) {
    const log = `${path}.wal`
    const damaged = error instanceof Trace2Error && error.code === 'T2_STORE_DAMAGED'
    if (!damaged || !existsSync(log)) throw error
    const aside = `${log}.damaged-${Date.now()}`
    await rename(log, aside)
    const open = await openDatabase(path)
    diag.error(
      `The write-ahead log of ${path} is damaged (${error.message}); it was moved to ${aside}.`,
    )
    return open
  }
}
