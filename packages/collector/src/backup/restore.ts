import { existsSync } from 'node:fs'
import { rename, rm, rmdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Trace2Error } from '@trace2/core'
import { canonicalPath, findOwner } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { raise } from '../errors.ts'
import { journalDirectory } from '../open-with-journal.ts'
import { faultOf, type Manifest, readManifest, wordsOf } from './manifest.ts'

export interface RestoreOptions {
  /** Puts the database in the place of one that is there, which is kept under another name. */
  readonly replace?: boolean
  /** Told of the number of files that were checked, and of all. */
  readonly onProgress?: (checked: number, files: number) => void
}

export interface RestoreResult {
  /** Path of the database. */
  readonly database: string
  /** When the backup was begun, as an ISO 8601 time. */
  readonly createdAt: string
  /** Number of rows of each table. */
  readonly rows: { readonly [table: string]: number }
  /** Where the database is by now that was there before. */
  readonly before?: string
}

/**
 * Makes a database of a backup, after it has checked each of its files.
 *
 * @throws {Trace2Error} `T2_BACKUP_INCOMPLETE` where the backup has no manifest; `T2_BACKUP_DAMAGED` where a file is not
 * what was written; `T2_RESTORE_EXISTS` where there is a database already; `T2_STORE_LOCKED` where a process holds that;
 * `T2_STORE_NEWER` where a newer Trace2 made the backup.
 * @example await restore('/backups/trace2', 'trace2.duckdb')
 */
export async function restore(
  directory: string,
  database: string,
  { replace = false, onProgress = () => undefined }: RestoreOptions = {},
): Promise<RestoreResult> {
  const source = resolve(directory)
  const target = canonicalPath(database)
  const manifest = await requireManifest(source)
  if (existsSync(target) && !replace) {
    throw raise('T2_RESTORE_EXISTS', `There is a database ${target} already.`)
  }
  const release = await claim(target)
  try {
    await requireFiles(source, manifest, onProgress)
    const made = `${target}.restored`
    await make(source, manifest, made)
    const before = await replaceDatabase(made, target)
    return {
      database: target,
      createdAt: manifest.createdAt,
      rows: rowsOf(manifest),
      ...(before === undefined ? {} : { before }),
    }
  } finally {
    await release()
  }
}

async function requireManifest(directory: string): Promise<Manifest> {
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  const manifest = isDirectory ? await readManifest(directory) : undefined
  if (manifest) return manifest
  const what = isDirectory ? 'holds no complete backup' : 'is no directory'
  throw raise('T2_BACKUP_INCOMPLETE', `${directory} ${what}.`)
}

/** Nobody opens the place while the database is put there. */
async function claim(target: string): Promise<() => Promise<void>> {
  const owner = await findOwner(target)
  if (owner) throw raise('T2_STORE_LOCKED', `The collector at ${owner.url} owns ${target}.`)
  const journal = journalDirectory(target)
  const isNew = !existsSync(journal)
  const file = join(journal, 'lock')
  const lock = await engineFor(target).lock(target, file)
  return async () => {
    await lock.release()
    if (!isNew) return
    // A journal that nobody has written to yet.
    await rm(file, { force: true })
    await rmdir(journal).catch(() => undefined)
  }
}

async function requireFiles(
  directory: string,
  { tables }: Manifest,
  onProgress: (checked: number, files: number) => void,
): Promise<void> {
  const files = tables.flatMap((table) => table.files)
  for (const [index, file] of files.entries()) {
    const fault = await faultOf(directory, file)
    if (fault !== undefined) {
      throw raise('T2_BACKUP_DAMAGED', `${join(directory, file.name)} ${fault}.`)
    }
    onProgress(index + 1, files.length)
  }
}

async function make(directory: string, manifest: Manifest, made: string): Promise<void> {
  const tables = manifest.tables.map(({ name, files }) => ({
    table: name,
    files: files.map((file) => join(directory, file.name)),
  }))
  try {
    await engineFor(made).restore(manifest.schema, tables, made)
  } catch (error) {
    if (error instanceof Trace2Error) throw error
    throw raise('T2_BACKUP_RESTORE', `${made} cannot be made: ${wordsOf(error)}`, { cause: error })
  }
}

/** The earlier database is kept, with its log: the log of one database must never be read into another. */
async function replaceDatabase(made: string, target: string): Promise<string | undefined> {
  const aside = `${target}.before-${Date.now()}`
  for (const suffix of ['.wal', '']) {
    if (existsSync(target + suffix)) await rename(target + suffix, aside + suffix)
  }
  await rename(made, target)
  return existsSync(aside) ? aside : undefined
}

function rowsOf({ tables }: Manifest): RestoreResult['rows'] {
  return Object.fromEntries(
    tables.map(({ name, files }) => [name, files.reduce((sum, { rows }) => sum + rows, 0)]),
  )
}
