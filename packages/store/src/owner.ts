import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { raise } from './errors.ts'

/** Says which process owns a database, and where it answers. */
export interface Owner {
  /** Id of the process. */
  readonly pid: number
  /** Base address of the process. */
  readonly url: string
  /** Bearer token for other processes of the same user. */
  readonly token?: string
}

function ownerPath(databasePath: string): string {
  return `${databasePath}.owner.json`
}

/** Finds the process that owns a database, if it is alive. A file that a dead process left is ignored. */
export async function findOwner(databasePath: string): Promise<Owner | undefined> {
  let text: string
  try {
    text = await readFile(ownerPath(databasePath), 'utf8')
  } catch {
    return undefined
  }
  const owner = parseOwner(text)
  return owner && isAlive(owner.pid) ? owner : undefined
}

/**
 * Writes the file that says which process owns a database.
 *
 * @throws {Trace2Error} `T2_STORE_WRITE` if the file cannot be written.
 */
export async function writeOwner(databasePath: string, owner: Owner): Promise<void> {
  const path = ownerPath(databasePath)
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

/** Removes the file that says which process owns a database. */
export async function removeOwner(databasePath: string): Promise<void> {
  await rm(ownerPath(databasePath), { force: true })
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const pid: unknown = Reflect.get(value, 'pid')
    const url: unknown = Reflect.get(value, 'url')
    const complete = typeof pid === 'number' && Number.isInteger(pid) && pid > 0
    if (!complete || typeof url !== 'string' || !URL.canParse(url)) return undefined
    const token: unknown = Reflect.get(value, 'token')
    return typeof token === 'string' ? { pid, url, token } : { pid, url }
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another user is alive as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
