import { existsSync } from 'node:fs'
import { open as openFile, rename } from 'node:fs/promises'
import { diag } from '@opentelemetry/api'
import { Trace2Error } from '@trace2/core'
import type { KnownDatabase } from '../../engine.ts'
import { type OpenDatabase, openDatabase } from '../duckdb-store.ts'
import { openFailure } from '../failure.ts'

/**
 * Opens a database whose writes can be replayed from a journal. DuckDB refuses a whole database where its write-ahead
 * log is damaged: the log is set aside, and the database opens as of its last checkpoint. Where the file itself cannot
 * be opened, it is set aside with its log, and a new one begins. Spans come again from the journal, which keeps them
 * until they are checkpointed; `trace2 doctor --salvage` copies from a file set aside what can be read.
 *
 * A file that no collector has used and that does not even begin like a database is left alone: somebody may have named
 * the wrong one.
 */
export async function openOrQuarantine(path: string, known: KnownDatabase): Promise<OpenDatabase> {
  if (known.damaged) return openAnew(path, known, 'it cannot be written')
  try {
    return await openSound(path, known)
  } catch (error) {
    if (!isDamaged(error)) throw error
    const open = await openWithoutLog(path, known, error)
    if (open) return open
    if (!known.ours && !(await beginsLikeDatabase(path))) throw error
    return openAnew(path, known, error.message)
  }
}

/** Opens a database in which what every start and every list of runs needs can be read. */
async function openSound(path: string, known: KnownDatabase): Promise<OpenDatabase> {
  const open = await openDatabase(path, known)
  try {
    await open.engine.ingest.journalProgress()
    await open.store.runs({ limit: 1 })
    return open
  } catch (error) {
    // Without a checkpoint: that would write into a damaged file.
    await open.database.close(0)
    throw openFailure(path, error)
  }
}

/** DuckDB's first block has its name after a checksum of 8 bytes. */
async function beginsLikeDatabase(path: string): Promise<boolean> {
  const file = await openFile(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0)
    return buffer.toString('latin1', 8) === 'DUCK'
  } finally {
    await file.close()
  }
}

async function openWithoutLog(
  path: string,
  known: KnownDatabase,
  error: Error,
): Promise<OpenDatabase | undefined> {
  const log = `${path}.wal`
  if (!existsSync(log)) return undefined
  const aside = `${log}.damaged-${Date.now()}`
  await rename(log, aside)
  try {
    const open = await openSound(path, known)
    tell(
      known,
      `The write-ahead log of ${path} is damaged (${error.message}); it was moved to ${aside}.`,
    )
    return open
  } catch (second) {
    if (!isDamaged(second)) throw second
    // It was not the log.
    await rename(aside, log)
    return undefined
  }
}

async function openAnew(path: string, known: KnownDatabase, reason: string): Promise<OpenDatabase> {
  const aside = `${path}.damaged-${Date.now()}`
  // The log keeps to its file by its name.
  if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
  if (existsSync(path)) await rename(path, aside)
  const open = await openDatabase(path, known)
  tell(
    known,
    `The database ${path} is damaged (${reason}); it was moved to ${aside}, and a new one was begun. ` +
      `Copy what can be read with: trace2 doctor --db ${aside} --salvage ${path}`,
  )
  return open
}

function tell(
  { onSetAside = (message) => diag.error(message) }: KnownDatabase,
  message: string,
): void {
  onSetAside(message)
}

function isDamaged(error: unknown): error is Trace2Error {
  return error instanceof Trace2Error && error.code === 'T2_STORE_DAMAGED'
}
