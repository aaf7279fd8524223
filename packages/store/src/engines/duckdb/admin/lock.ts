import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Trace2Error } from '@trace2/core'
import { raise } from '../../../errors.ts'
import { makeDirectory } from '../../../make-directory.ts'
import type { DatabaseLock } from '../../engine.ts'
import { failureOf, openFailure } from '../failure.ts'

/**
 * Locks a database through a file of its own. The lock is the operating system's, on a small DuckDB file: Node.js has none,
 * and this one is gone whenever its process is, however that ended.
 */
export async function lockDatabase(path: string, file: string): Promise<DatabaseLock> {
  await makeDirectory(dirname(file)).catch((error: unknown) => {
    throw lockFailure(path, error)
  })
  const held = await openLock(path, file)
  return {
    async release() {
      held.closeSync()
    },
  }
}

async function openLock(path: string, file: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file, { threads: '1' })
  } catch (error) {
    const failure = lockFailure(path, error)
    if (failure.code !== 'T2_STORE_OPEN') throw failure
  }
  // Nobody holds it, or that would have been said first. A process that was killed has left half of it, or it is damaged.
  await rm(file, { force: true })
  try {
    return await DuckDBInstance.create(file, { threads: '1' })
  } catch (error) {
    throw lockFailure(path, error)
  }
}

function lockFailure(path: string, error: unknown): Trace2Error {
  const failure = openFailure(path, error)
  if (failure.code === 'T2_STORE_LOCKED') return failure
  const reason = error instanceof Error ? error.message : String(error)
  if (failureOf(error).kind === 'disk') {
    return raise('T2_STORE_WRITE', `The lock of ${path} cannot be written: ${reason}`, {
      cause: error,
    })
  }
  return raise('T2_STORE_OPEN', `The database ${path} cannot be locked: ${reason}`, {
    cause: error,
  })
}
