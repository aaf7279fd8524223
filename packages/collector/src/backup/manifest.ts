import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isPartName } from '@trace2/store'
import { raise } from '../errors.ts'

/** Stands in the directory of a backup, and says what belongs to it. A backup without it is not complete. */
export const MANIFEST = 'manifest.json'
const FORM = 1

/** One file of a backup: rows of a table as Parquet. */
export interface SavedFile {
  readonly name: string
  readonly rows: number
  readonly bytes: number
  /** SHA-256 of its bytes. */
  readonly sha256: string
}

/** What a backup holds. */
export interface Manifest {
  /** When it was begun, as an ISO 8601 time: everything that was acknowledged before is in it. */
  readonly createdAt: string
  /** Version of the tables. */
  readonly schema: number
  /** The files of each table, in the order of its rows. */
  readonly tables: readonly { readonly name: string; readonly files: readonly SavedFile[] }[]
}

/**
 * Reads the manifest of a backup; `undefined` where a directory has none.
 *
 * @throws {Trace2Error} `T2_BACKUP_DAMAGED` where it is none, or is of another version.
 */
export async function readManifest(directory: string): Promise<Manifest | undefined> {
  const path = join(directory, MANIFEST)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw damaged(`${path} cannot be read: ${wordsOf(error)}`, error)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw damaged(`${path} is no JSON.`, error)
  }
  const form = memberOf(value, 'trace2Backup')
  if (typeof form === 'number' && form > FORM) {
    throw raise('T2_STORE_NEWER', `The backup ${directory} was made by a newer Trace2.`)
  }
  const [body, sha256] = [memberOf(value, 'backup'), memberOf(value, 'sha256')]
  if (form !== FORM || sha256 !== sha256Of(JSON.stringify(body)) || !isManifest(body)) {
    throw damaged(`${path} is damaged, or no manifest of a backup.`)
  }
  return body
}

/** Puts a manifest in the place of the earlier one at once: with it, the backup is complete. */
export async function writeManifest(directory: string, manifest: Manifest): Promise<void> {
  const body = JSON.stringify(manifest)
  const text = `{"trace2Backup":${FORM},"sha256":"${sha256Of(body)}","backup":${body}}\n`
  const path = join(directory, MANIFEST)
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await syncDirectory(directory)
}

/** A file that was renamed is found after a power cut, too. */
export async function syncDirectory(directory: string): Promise<void> {
  // Windows has no such thing.
  const handle = await open(directory).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/** What is wrong with a file of a backup, in words; `undefined` where it is what the manifest says. */
export async function faultOf(
  directory: string,
  { name, bytes, sha256 }: SavedFile,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  let read = 0
  try {
    await pipeline(createReadStream(join(directory, name)), async (chunks) => {
      for await (const chunk of chunks) {
        read += chunk.byteLength
        hash.update(chunk)
      }
    })
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'is missing' : `cannot be read: ${wordsOf(error)}`
  }
  if (read !== bytes) return `has ${read} bytes instead of ${bytes}`
  return hash.digest('hex') === sha256 ? undefined : 'has other bytes than were written'
}

function isManifest(value: unknown): value is Manifest {
  const [tables, schema] = [memberOf(value, 'tables'), memberOf(value, 'schema')]
  return (
    typeof memberOf(value, 'createdAt') === 'string' &&
    Number.isSafeInteger(schema) &&
    Array.isArray(tables) &&
    tables.every((table) => {
      const [name, files] = [memberOf(table, 'name'), memberOf(table, 'files')]
      return typeof name === 'string' && Array.isArray(files) && files.every(isFile)
    })
  )
}

function isFile(value: unknown): value is SavedFile {
  const [name, sha256] = [memberOf(value, 'name'), memberOf(value, 'sha256')]
  const numbers = [memberOf(value, 'rows'), memberOf(value, 'bytes')]
  return (
    typeof name === 'string' &&
    isPartName(name) &&
    typeof sha256 === 'string' &&
    numbers.every((number) => Number.isSafeInteger(number))
  )
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name)
  return isObject ? Reflect.get(value, name) : undefined
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function damaged(message: string, cause?: unknown) {
  return raise('T2_BACKUP_DAMAGED', message, { cause })
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
