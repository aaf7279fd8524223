import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { raise } from '../../errors.ts'
import type { Database } from './database.ts'

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
  'v_proposal',
  'v_evaluation',
  'v_deployment',
  'v_llm_call',
] as const

/**
 * Writes one Parquet file per view. The database may write nowhere but its own export directory, so the files are
 * made there and then moved.
 */
export async function exportParquet(
  database: Database,
  exportDirectory: string,
  target: string,
): Promise<string[]> {
  const directory = resolve(target)
  await claim(directory)
  await mkdir(exportDirectory, { recursive: true })
  const staging = await mkdtemp(join(exportDirectory, 'export-'))
  try {
    const paths: string[] = []
    for (const view of VIEWS) {
      const file = `${view}.parquet`
      const quoted = join(staging, file).replaceAll("'", "''")
      await database.read(
        `COPY (SELECT * FROM ${view}) TO '${quoted}' (FORMAT parquet, COMPRESSION zstd)`,
      )
      await cp(join(staging, file), join(directory, file))
      paths.push(join(directory, file))
    }
    return paths
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function claim(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    if ((await readdir(directory)).length > 0) {
      throw raise('T2_EXPORT', `The directory ${directory} is not empty.`)
    }
  } catch (error) {
    if (error instanceof Error && 'remedy' in error) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_EXPORT', `Cannot write to ${directory}: ${reason}`, { cause: error })
  }
}
