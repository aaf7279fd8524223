import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, type FileHandle, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Trace2Error } from '@trace2/core'
import { type BackupPart, isPartName, makeDirectory, type Store } from '@trace2/store'
import { engineFor } from '@trace2/store/engines'
import { raise } from '../errors.ts'
import {
  codeOf,
  faultOf,
  MANIFEST,
  type Manifest,
  readManifest,
  type SavedFile,
  syncDirectory,
  wordsOf,
  writeManifest,
} from './manifest.ts'

/** Held while a backup is written, so that no other one removes its files. */
export const BACKUP_LOCK = 'lock'

/** What a backup has come to. */
export interface BackupResult {
  /** Path of its directory. */
  readonly directory: string
  /** When it was begun, as an ISO 8601 time. */
  readonly createdAt: string
  /** Number of rows of each table. */
  readonly rows: { readonly [table: string]: number }
  /** Number of files that were written. */
  readonly written: number
  /** Bytes of the files that were written. */
  readonly writtenBytes: number
  /** Number of files that an earlier backup had written already. */
  readonly kept: number
  /** Number of files of earlier backups that were removed, because the store holds their rows no more. */
  readonly removed: number
}

/**
 * Writes a backup of a store into a directory: all tables as they were at one moment, each in some Parquet files, and a
 * manifest. In the directory of an earlier backup only what has changed since is written. Until the new manifest is in
 * its place, the earlier backup stays whole.
 *
 * @throws {Trace2Error} `T2_BACKUP_DIRECTORY` where the directory holds something else or cannot be written; `T2_BACKUP`,
 * `T2_BACKUP_BEHIND`, `T2_BACKUP_GONE` where the store cannot give what is needed.
 * @example
 * const { written, kept } = await backUp(store, '/backups/trace2')
 */
export async function backUp(
  store: Store,
  target: string,
  onProgress: (rows: number) => void = () => undefined,
): Promise<BackupResult> {
  const directory = resolve(target)
  try {
    await claim(directory)
    const lock = await lockBackup(directory)
    try {
      return await writeBackup(store, directory, onProgress)
    } finally {
      await lock.release()
    }
  } catch (error) {
    if (error instanceof Trace2Error) throw error
    throw raise('T2_BACKUP_DIRECTORY', `Cannot write to ${directory}: ${wordsOf(error)}`, {
      cause: error,
    })
  }
}

async function writeBackup(
  store: Store,
  directory: string,
  onProgress: (rows: number) => void,
): Promise<BackupResult> {
  const present = await filesOf(directory)
  // What a backup has left that was killed or found the disk full takes the room that this one needs.
  await removeOthers(directory, new Set(present.keys()))
  const createdAt = new Date().toISOString()
  const backup = await store.openBackup([...present.keys()])
  const files = new Map<string, SavedFile[]>(backup.tables.map((table) => [table, []]))
  const kept = new Set<string>()
  const written = new Map<string, SavedFile>()
  let total = 0
  try {
    for await (const part of partsOf(store, backup.id)) {
      const known = present.get(part.name) ?? written.get(part.name)
      const file = known ?? (await fetchPart(store, backup.id, part, directory))
      if (present.has(part.name)) kept.add(part.name)
      else written.set(part.name, file)
      files.get(part.table)?.push(file)
      total += part.rows
      onProgress(total)
    }
  } finally {
    await store.closeBackup(backup.id).catch(() => undefined)
  }
  await syncDirectory(directory)
  const tables = Array.from(files, ([name, list]) => ({ name, files: list }))
  await writeManifest(directory, { createdAt, schema: backup.schema, tables })
  const removed = await removeOthers(directory, new Set([...kept, ...written.keys()]))
  return {
    directory,
    createdAt,
    rows: Object.fromEntries(tables.map(({ name, files: list }) => [name, rowsOf(list)])),
    written: written.size,
    writtenBytes: [...written.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    kept: kept.size,
    removed,
  }
}

/** Files of the earlier backup in a directory that are what they were; a damaged one is written anew. */
async function filesOf(directory: string): Promise<ReadonlyMap<string, SavedFile>> {
  const earlier = await readEarlier(directory)
  const files = new Map<string, SavedFile>()
  for (const file of earlier?.tables.flatMap((table) => table.files) ?? []) {
    if ((await faultOf(directory, file)) === undefined) files.set(file.name, file)
  }
  return files
}

/** A damaged manifest is replaced, and with it all of its files. */
async function readEarlier(directory: string): Promise<Manifest | undefined> {
  try {
    return await readManifest(directory)
  } catch (error) {
    if (error instanceof Trace2Error && error.code === 'T2_BACKUP_DAMAGED') return undefined
    throw error
  }
}

async function* partsOf(store: Store, id: string): AsyncGenerator<BackupPart> {
  for (let from = 0; ; ) {
    const { parts, isLast } = await store.backupParts(id, from)
    yield* parts
    from += parts.length
    if (isLast) return
  }
}

async function fetchPart(
  store: Store,
  id: string,
  { name, rows }: BackupPart,
  directory: string,
): Promise<SavedFile> {
  // The name comes from whoever answers at the address.
  if (!isPartName(name)) throw raise('T2_COLLECTOR_ANSWER', 'The collector names a part wrongly.')
  const path = join(directory, name)
  const temporary = `${path}.tmp`
  const file = await open(temporary, 'w', 0o600)
  try {
    const { bytes, sha256 } = await copyPart(store, id, name, file).finally(() => file.close())
    await rename(temporary, path)
    return { name, rows, bytes, sha256 }
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

async function copyPart(store: Store, id: string, name: string, file: FileHandle) {
  const hash = createHash('sha256')
  let bytes = 0
  for (let isLast = false; !isLast; ) {
    const some = await store.readBackup(id, name, bytes)
    const block = Buffer.from(some.bytes, 'base64')
    await file.writeFile(block)
    hash.update(block)
    bytes += block.byteLength
    isLast = some.isLast
  }
  await file.sync()
  return { bytes, sha256: hash.digest('hex') }
}

/** A directory of its own: what else is in it would be taken for a part of the backup. */
async function claim(directory: string): Promise<void> {
  await makeDirectory(directory, 0o700)
  if (!(await stat(directory)).isDirectory()) {
    throw raise('T2_BACKUP_DIRECTORY', `${directory} is no directory.`)
  }
  const foreign = (await readdir(directory)).find((name) => !isOurs(name))
  if (foreign !== undefined) {
    throw raise('T2_BACKUP_DIRECTORY', `The directory ${directory} holds ${foreign}, too.`)
  }
}

function isOurs(name: string): boolean {
  const plain = name.replace(/\.(tmp|wal)$/, '')
  return plain === MANIFEST || plain === BACKUP_LOCK || isPartName(plain)
}

async function lockBackup(directory: string) {
  try {
    const file = join(directory, BACKUP_LOCK)
    const lock = await engineFor(directory).lock(directory, file)
    await chmod(file, 0o600)
    return lock
  } catch (error) {
    if (!(error instanceof Trace2Error) || error.code !== 'T2_STORE_LOCKED') throw error
    const what = `Another backup is being written to ${directory}.`
    throw raise('T2_BACKUP_DIRECTORY', what, { cause: error })
  }
}

/** Removes parts that no manifest names, those of a backup that was killed among them. */
async function removeOthers(directory: string, named: ReadonlySet<string>): Promise<number> {
  let removed = 0
  for (const name of await readdir(directory)) {
    const plain = name.replace(/\.tmp$/, '')
    const isLeft = name === `${MANIFEST}.tmp`
    if (!isLeft && (!isPartName(plain) || named.has(name))) continue
    try {
      await rm(join(directory, name))
      if (plain === name) removed++
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || existsSync(join(directory, name))) throw error
    }
  }
  return removed
}

function rowsOf(files: readonly SavedFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0)
}
