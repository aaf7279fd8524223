import { cp, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Trace2Error } from '@trace2/core'
import { raise } from '../../../../errors.ts'
import { makeDirectory } from '../../../../make-directory.ts'
import type { ExportOptions } from '../../../../store.ts'
import type { Database } from '../../database.ts'
import { recordsQuery } from './records.ts'

/** Views that an export holds, one file each. */
const VIEWS = [
  'v_span',
  'v_node',
  'v_edge',
  'v_edge_ref',
  'v_run',
  'v_parameter_version',
  'v_parameter_use',
  'v_feedback',
  'v_feedback_name',
  'v_proposal',
  'v_evaluation',
  'v_dataset',
  'v_case',
  'v_experiment',
  'v_trial',
  'v_trial_score',
  'v_look',
  'v_verdict',
  'v_deployment',
  'v_llm_call',
  'v_content',
] as const

/** Rows of tables as they are, where the views do not show all of them: an import takes these. */
export const RECORDS_FILE = 'records.parquet'

/**
 * Writes one Parquet file per view, and one of records. The database may write nowhere but its own export directory, so the files are
 * made there and then moved.
 */
export async function exportParquet(
  database: Database,
  exportDirectory: string,
  target: string,
  { partitionBy }: ExportOptions = {},
): Promise<string[]> {
  const directory = resolve(target)
  await claim(directory)
  await makeDirectory(exportDirectory)
  const staging = await mkdtemp(join(exportDirectory, 'export-'))
  try {
    const paths: string[] = []
    for (const view of VIEWS) {
      const days = partitionBy === 'day' && (await hasTraces(database, view))
      const name = days ? view : `${view}.parquet`
      const quoted = join(staging, name).replaceAll("'", "''")
      const format = `FORMAT parquet, COMPRESSION zstd${days ? ', PARTITION_BY (day)' : ''}`
      await database.read(
        `COPY (${days ? byDay(view) : `FROM ${view}`}) TO '${quoted}' (${format})`,
      )
      await cp(join(staging, name), join(directory, name), { recursive: true })
      paths.push(join(directory, name))
    }
    const records = join(staging, RECORDS_FILE).replaceAll("'", "''")
    await database.read(
      `COPY (${recordsQuery()}) TO '${records}' (FORMAT parquet, COMPRESSION zstd)`,
    )
    await cp(join(staging, RECORDS_FILE), join(directory, RECORDS_FILE))
    paths.push(join(directory, RECORDS_FILE))
    return paths
  } catch (error) {
    // A half-written export would look like a whole one, and stand in the way of the next.
    await empty(directory)
    if (error instanceof Trace2Error) throw error
    throw raise('T2_EXPORT', `The export has failed: ${words(error)}`, { cause: error })
  } finally {
    await rm(staging, { recursive: true, force: true })
    // Another export may be under way in it.
    await rmdir(exportDirectory).catch(() => undefined)
  }
}

/** Rows of one trace go to the day on which it began, so that a run is never in two partitions. */
function byDay(view: string): string {
  return `
    SELECT v.*, coalesce(strftime(began.at, '%Y-%m-%d'), 'unknown') AS day
    FROM ${view} v
    LEFT JOIN (
      SELECT trace_id, time_of(min(start_ns))::TIMESTAMP AS at
      FROM span GROUP BY trace_id
    ) began ON began.trace_id = v.trace_id`
}

async function hasTraces(database: Database, view: string): Promise<boolean> {
  const query =
    "SELECT 1 FROM duckdb_columns() WHERE table_name = $1 AND column_name = 'trace_id' LIMIT 1"
  return (await database.rows(query, [view])).length > 0
}

async function claim(directory: string): Promise<void> {
  try {
    await makeDirectory(directory)
    if ((await readdir(directory)).length > 0) {
      throw raise('T2_EXPORT', `The directory ${directory} is not empty.`)
    }
  } catch (error) {
    if (error instanceof Trace2Error) throw error
    throw raise('T2_EXPORT', `Cannot write to ${directory}: ${words(error)}`, { cause: error })
  }
}

/** What stands in it is ours: it was empty when it was claimed. */
async function empty(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    await rm(join(directory, name), { recursive: true, force: true })
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
