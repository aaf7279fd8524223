import { type DuckDBConnection, LIST, listValue, VARCHAR } from '@duckdb/node-api'
import type { Database } from './database.ts'
import { text } from './row.ts'

/** Words of `RunQuery.experiment` that are no experiment's id. */
export const NO_EXPERIMENT = 'none'
export const ANY_EXPERIMENT = 'any'

/** Traces of the trials of one experiment, or of all. */
export async function readTrialTraces(database: Database, experiment: string): Promise<string[]> {
  const rows = await database.rows(
    'SELECT trace_id FROM trial_trace WHERE $1 IN (experiment, $2)',
    [experiment, ANY_EXPERIMENT],
  )
  return rows.map((row) => text(row, 'trace_id'))
}

/**
 * Says of traces, by id, that they are those of an experiment's trials. Of a trace that several say something of, a
 * cached trial's for example, the first counts.
 */
export async function markTrialTraces(
  connection: DuckDBConnection,
  experiments: ReadonlyMap<string, string>,
): Promise<void> {
  if (experiments.size === 0) return
  await connection.run(
    'INSERT OR IGNORE INTO trial_trace (trace_id, experiment) SELECT unnest($1), unnest($2)',
    [listValue([...experiments.keys()]), listValue([...experiments.values()])],
    [LIST(VARCHAR), LIST(VARCHAR)],
  )
}
