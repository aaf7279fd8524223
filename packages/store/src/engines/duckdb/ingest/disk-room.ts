import { stat, statfs } from 'node:fs/promises'
import { raise } from '../../../errors.ts'
import type { Database } from '../database.ts'

const MEBIBYTE = 1024 * 1024
/** What stays free of the disk, at most, and as a share of the disk. */
const KEPT_FREE = 256 * MEBIBYTE
const KEPT_SHARE = 1 / 8

/**
 * Refuses to write spans before the disk is full. A database on a full disk cannot be opened or checkpointed, and not
 * even be made smaller: retention is written to the log as well. The log itself has to find room in the file.
 *
 * @throws {Trace2Error} `T2_STORE_WRITE`
 */
export async function requireDiskRoom(database: Database, path: string): Promise<void> {
  if (await hasRoom(path, 0)) return
  await database.checkpoint()
  const [size] = await database.rows(
    'SELECT free_blocks * block_size AS free FROM pragma_database_size()',
  )
  if (await hasRoom(path, Number(size?.free ?? 0))) return
  throw raise('T2_STORE_WRITE', 'The disk is nearly full: what is free is kept for making room.')
}

/** @param freeInside bytes of the database file that can be used again. */
async function hasRoom(path: string, freeInside: number): Promise<boolean> {
  const { bavail, blocks, bsize } = await statfs(path)
  // Some file systems do not tell.
  if (blocks === 0) return true
  const free = bavail * bsize
  const kept = Math.min(KEPT_FREE, blocks * bsize * KEPT_SHARE)
  const log = await stat(`${path}.wal`).catch(() => undefined)
  return free >= kept / 2 && free + freeInside >= kept + (log?.size ?? 0)
}
