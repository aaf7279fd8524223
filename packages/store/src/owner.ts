import { createHash, randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { raise } from './errors.ts'

/** Says which process owns a database, and where it answers. */
export interface Owner {
  /** Number of the process, to be told to people. It proves nothing: another process may have it by now. */
  readonly pid: number
  /** Base address of the process. */
  readonly url: string
  /** Made anew by each owner, which proves by it that it is the one that answers. */
  readonly id: string
  /** Path of the database. */
  readonly path: string
  /** Bearer token for other processes of the same user. */
  readonly token?: string
}

/** How long an owner may take to say that it is there, in milliseconds. */
const PATIENCE_MS = 2000

export function ownerPath(databasePath: string): string {
  return `${databasePath}.owner.json`
}

/** A new owner's id: 128 random bits as hex digits. */
export function newOwnerId(): string {
  return randomBytes(16).toString('hex')
}

/**
 * Finds the process that owns a database: the one that the file beside it names, if it answers at its address that it owns
 * this very file. The file of a process that is gone names no owner, and neither does one that was copied along with a
 * database. An owner that does not answer in time still holds the lock of the database.
 */
export async function findOwner(databasePath: string): Promise<Owner | undefined> {
  const found = await askOwner(databasePath)
  return found?.state === 'answers' ? found.owner : undefined
}

/** Whom the file beside a database names, and whether that process proves that it owns the database. */
export interface AskedOwner {
  readonly owner: Owner
  /** `silent`: something listens at the address and says nothing in time. `gone`: none of the owner's answers there. */
  readonly state: 'answers' | 'silent' | 'gone'
}

/** Asks the owner that the file beside a database names; `undefined` where there is no such file. */
export async function askOwner(databasePath: string): Promise<AskedOwner | undefined> {
  const text = await readFile(ownerPath(databasePath), 'utf8').catch(() => '')
  const owner = parseOwner(text)
  return owner && { owner, state: await stateOf(owner, databasePath) }
}

/**
 * Writes the file of an owner beside its database.
 *
 * @throws {Trace2Error} `T2_STORE_WRITE` if the file cannot be written.
 */
export async function writeOwner(owner: Owner): Promise<void> {
  const path = ownerPath(owner.path)
  const temporary = `${path}.${owner.pid}.tmp`
  try {
    await writeFile(temporary, `${JSON.stringify(owner)}\n`, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw raise('T2_STORE_WRITE', `${path} cannot be written: ${reason}`, { cause: error })
  }
}

/** Removes the file of an owner that ends, unless another one has written its own since. */
export async function removeOwner({ path: databasePath, id }: Owner): Promise<void> {
  const path = ownerPath(databasePath)
  const text = await readFile(path, 'utf8').catch(() => '')
  if (parseOwner(text)?.id === id) await rm(path, { force: true })
}

/**
 * What an owner answers, and what who asks expects: a hash of its id and of the identity of the file, as the file system has
 * it. A copy of a database has another identity.
 */
export function ownershipOf(id: string, databasePath: string): string {
  const file = statSync(databasePath, { bigint: true, throwIfNoEntry: false })
  const identity = file ? `${file.dev}:${file.ino}` : ''
  return createHash('sha256').update(`${id} ${identity}`).digest('hex')
}

async function stateOf({ url, id }: Owner, databasePath: string): Promise<AskedOwner['state']> {
  try {
    const response = await fetch(new URL('/healthz', url), {
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const told: unknown = await response.json()
    const owner: unknown = typeof told === 'object' && told !== null && Reflect.get(told, 'owner')
    return owner === ownershipOf(id, databasePath) ? 'answers' : 'gone'
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'silent' : 'gone'
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const member = (name: string): unknown => Reflect.get(value, name)
    const [pid, url, token] = [member('pid'), member('url'), member('token')]
    const [id, path] = [member('id'), member('path')]
    if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return undefined
    if (typeof url !== 'string' || !URL.canParse(url)) return undefined
    if (typeof id !== 'string' || typeof path !== 'string') return undefined
    const owner = { pid, url, id, path }
    return typeof token === 'string' ? { ...owner, token } : owner
  } catch {
    return undefined
  }
}
